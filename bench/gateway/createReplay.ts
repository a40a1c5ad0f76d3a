import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { WebSocketServer } from 'ws';

/** What a replay server says to a request; a promise only the first time. */
export type Answer = (path: string, body: string) => Buffer | Promise<Buffer>;

/** The bytes of a whole response. */
export const responseOf = (text: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );

/**
 * An HTTP/1.1 server that costs next to nothing: it looks for the end of each request, asks for the bytes to send, and
 * keeps the connection. Knows bodies with a length and chunked ones; only for the clients of the bench. A WebSocket is handed on.
 */
export function createReplay(answer: Answer, sockets?: WebSocketServer): Server {
  return createServer((socket) => {
    socket.setNoDelay(true);
    let rest = '';
    let sent: Promise<unknown> | undefined;
    socket.on('error', () => {});
    socket.on('data', function take(chunk: Buffer) {
      rest += chunk.toString('latin1');
      if (sockets && /\r\nupgrade: websocket\r\n/i.test(rest) && rest.endsWith('\r\n\r\n')) {
        socket.off('data', take);
        sockets.handleUpgrade(upgradeOf(rest, socket), socket, Buffer.alloc(0), (opened, request) =>
          sockets.emit('connection', opened, request),
        );
        return;
      }
      for (let request = readRequest(rest); request; request = readRequest(rest)) {
        rest = rest.slice(request.end);
        const bytes = answer(request.path, request.body);
        if (Buffer.isBuffer(bytes) && !sent) socket.write(bytes);
        else sent = sendInTurn(socket, sent, bytes);
      }
    });
  });
}

/** What `ws` reads of a request. */
function upgradeOf(text: string, socket: Socket): IncomingMessage {
  const [first = '', ...lines] = text.trimEnd().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method: 'GET', url: first.split(' ')[1], headers, socket } as unknown as IncomingMessage;
}

async function sendInTurn(socket: Socket, before: Promise<unknown> | undefined, bytes: Buffer | Promise<Buffer>) {
  await before;
  socket.write(await bytes);
}

type Request = { path: string; body: string; end: number };

function readRequest(text: string): Request | null {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return null;
  const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
  const start = head + 4;
  const headers = text.slice(0, start);
  const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end > text.length ? null : { path, body: text.slice(start, end), end };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(headers)) return { path, body: '', end: start };
  let body = '';
  for (let at = start; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(text.slice(at, line), 16);
    const end = line + 2 + size + 2;
    if (end > text.length) return null;
    if (size === 0) return { path, body, end };
    body += text.slice(line + 2, end - 2);
    at = end;
  }
}
