import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { boundedLabel, type Metrics } from '#platform/service/metrics.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { ClientAddress } from '../clientAddress.ts';
import { type ClientSocket, createClientSocket } from './createClientSocket.ts';
import { liveMetrics } from './liveMetrics.ts';
import { type ProtocolDeps, protocolOptions } from './protocolOptions.ts';

export type LiveOptions = ProtocolDeps & {
  server: Server;
  path: string;
  clientAddress: ClientAddress;
  metrics: Metrics;
  log: Logger;
  scope: Scope;
};

const MAX_MESSAGE_BYTES = 64 * 1024;
const INIT_WITHIN_MS = 3_000;

/** Serves graphql-ws (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) at `path`, on the port of HTTP. */
export function serveLive(options: LiveOptions): void {
  const { server, path, clientAddress, connections, log, scope } = options;
  const { sockets: open, closes } = liveMetrics(options.metrics);
  // Clients may close with any code.
  const codeLabel = boundedLabel(50);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = makeServer({
    ...protocolOptions(options),
    connectionInitWaitTimeout: INIT_WITHIN_MS,
  });

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    // Compared as it stands: a target can be anything, and what cannot be parsed must not throw here, where nobody catches.
    if (request.url?.split('?', 1)[0] !== path || scope.signal.aborted) {
      stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      serve(socket, createClientSocket(socket, clientAddress(request), request.headers['user-agent'], onSlow));
    });
  }

  function onSlow(): void {
    log.warn('a client reads too slowly, its socket is closed');
  }

  function serve(socket: WebSocket, client: ClientSocket): void {
    open.inc();
    const remove = connections.add(client);
    socket.on('pong', (data) => client.heard(data));
    // ws has answered it by itself, also to one who reads none of the answers.
    socket.on('ping', () => {
      if (client.congested) client.tooSlow();
    });
    // A frame that is too large or malformed: ws closes the socket with the right code by itself.
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Resolves when the message is on its way, which is what slows an operation down to its client's pace.
        send: (message) => new Promise((resolve) => client.send(message, resolve)),
        close: (code, reason) => client.close(code, reason),
        onMessage: (handle) => {
          socket.on('message', (message) => {
            // A client may go on sending until its connection is gone, also one that was just told that it may not stay.
            if (client.closing) return;
            handle(String(message)).catch((error: unknown) => {
              log.error({ err: error }, 'a message of a socket failed');
              client.close(4500, 'Internal server error');
            });
          });
        },
      },
      client,
    );
    socket.once('close', (code, reason) => {
      open.dec();
      closes.inc({ transport: 'websocket', code: codeLabel(String(client.closedWith ?? code)) });
      remove();
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
