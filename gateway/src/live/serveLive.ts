import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Scope } from '#platform/service/scope.ts';
import type { ClientAddress } from '../clientAddress.ts';
import type { GatewayContext } from '../context.ts';
import type { Graph } from '../graph/createGraph.ts';
import type { Verify } from '../identity/createVerifier.ts';
import type { FormatError } from '../server/formatError.ts';
import { protocolOptions, type SocketState } from './protocolOptions.ts';

export type LiveOptions = {
  server: Server;
  path: string;
  apollo: ApolloServer<GatewayContext>;
  graph: Graph;
  /** Undefined: identity is off. */
  verify: Verify | undefined;
  clientAddress: ClientAddress;
  format: FormatError;
  log: Logger;
  scope: Scope;
};

const MAX_MESSAGE_BYTES = 64 * 1024;
const INIT_WITHIN_MS = 3_000;
const PING_EACH_MS = 12_000;

/** Serves graphql-ws (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) at `path`, on the port of HTTP. */
export function serveLive(options: LiveOptions): void {
  const { server, path, clientAddress, log, scope } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = makeServer({ ...protocolOptions(options), connectionInitWaitTimeout: INIT_WITHIN_MS });

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    // Compared as it stands: a target can be anything, and what cannot be parsed must not throw here, where nobody catches.
    if (request.url?.split('?', 1)[0] !== path || scope.signal.aborted) {
      stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      serve(socket, { socket, clientAddress: clientAddress(request), identity: null, answering: new Set() });
    });
  }

  function serve(socket: WebSocket, state: SocketState): void {
    let alive = true;
    const ping = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, PING_EACH_MS);
    socket.on('pong', () => {
      alive = true;
    });
    // A frame that is too large or malformed: ws closes the socket with the right code by itself.
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (message) =>
          new Promise((resolve) => {
            // Resolves when the message is on its way, which is what slows an operation down to its client's pace.
            if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
            else resolve();
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => {
          socket.on('message', (message) => {
            handle(String(message)).catch((error: unknown) => {
              log.error({ err: error }, 'a message of a socket failed');
              socket.close(4500, 'Internal server error');
            });
          });
        },
      },
      state,
    );
    socket.once('close', (code, reason) => {
      clearInterval(ping);
      clearTimeout(state.expiry);
      void closed(code, String(reason));
    });
  }

  server.on('upgrade', upgrade);
  scope.defer('live sockets', async () => {
    for (const socket of sockets.clients) socket.close(1001, 'Going away');
    const terminate = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, 1_000);
    await new Promise((resolve) => sockets.close(resolve));
    clearTimeout(terminate);
    server.off('upgrade', upgrade);
  });
}
