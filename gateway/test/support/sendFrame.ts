import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

type Insides = { _socket: Socket; _receiver: { removeAllListeners(event: string): void } };

/** The connection under a client's WebSocket: for a client that doesn't do what ws does by itself. */
export function connectionOf(socket: WebSocket): Socket {
  return (socket as unknown as Insides)._socket;
}

/** The client answers the server's close with nothing: its connection stays open until the server ends it. */
export function ignoreClose(socket: WebSocket): void {
  (socket as unknown as Insides)._receiver.removeAllListeners('conclude');
}

/** Writes one frame of at most 64 KB to the connection, whatever state the WebSocket is in. 1: a text; 10: a pong. */
export function sendFrame(socket: WebSocket, opcode: 1 | 10, text = ''): void {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const mask = randomBytes(4);
  const head = Buffer.from([0x80 | opcode, 0x80 | (length[0] as number), ...length.slice(1)]);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  connectionOf(socket).write(Buffer.concat([head, mask, masked]));
}
