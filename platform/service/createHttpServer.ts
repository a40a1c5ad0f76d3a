import type { Socket } from 'node:net';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import { errorCodes } from '../errorCodes.ts';
import { maskError, Refusal } from '../errors.ts';
import type { Health } from './health.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { inTrace, pathOf, routeOf, traceRequests } from './requestTrace.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The name of the service that this server belongs to. */
    serviceName: string;
    metrics: Metrics;
  }
}

/** What a server needs. `bodyLimit` in bytes; `trustProxy` as fastify has it (addresses or networks of our own proxies). */
export type HttpServerOptions = {
  service: string;
  log: Logger;
  health: Health;
  metrics?: Metrics;
  bodyLimit?: number;
  trustProxy?: string[] | false;
};

/**
 * The HTTP server of a service: /livez, /readyz and /metrics, a trace and a log line per request, errors in GraphQL's
 * shape. Bodies are never logged. `listen` (listen.ts) starts it and hands its stop to a scope.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { service, log, health, bodyLimit = 262_144 } = options;
  const metrics = options.metrics ?? createMetrics({ service });
  const app = fastify({
    // Fastify's own request lines would be logged outside the trace, and with fields of their own.
    logger: false,
    bodyLimit,
    trustProxy: options.trustProxy ?? false,
    requestTimeout: 30_000,
    // A few megabytes of path or a parameter bomb should not reach a router.
    routerOptions: { maxParamLength: 200 },
  });
  app.decorate('serviceName', service);
  app.decorate('metrics', metrics);
  traceRequests(app);
  observeRequests(app, log, metrics);
  closeConnectionsAtEnd(app);

  app.setErrorHandler<FastifyError>((error, request, reply) =>
    inTrace(request, () => sendRefusal(reply, toRefusal(error, log, request))),
  );
  app.setNotFoundHandler((request, reply) =>
    inTrace(request, () => sendRefusal(reply, new Refusal('NOT_FOUND', 'There is nothing at this path'))),
  );

  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, ...readiness } = await health.readiness();
    return reply.code(ready ? 200 : 503).send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return app;
}

/** Answers a whole request with one error, in the shape of a GraphQL response. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { retryAfter } = refusal.extensions;
  if (typeof retryAfter === 'number') reply.header('retry-after', String(Math.ceil(retryAfter)));
  return reply
    .code(errorCodes[refusal.code].status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message: refusal.message, extensions: refusal.extensions }] }));
}

function toRefusal(error: FastifyError, log: Logger, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error.statusCode === 413) return new Refusal('PAYLOAD_TOO_LARGE', 'The body is too large');
  // Fastify's own complaints about a request: not JSON, an unknown media type, a wrong content length.
  if (error.statusCode !== undefined && error.statusCode < 500) return new Refusal('BAD_REQUEST', error.message);
  return maskError(log, error, { route: routeOf(request) });
}

/**
 * A connection that was answering when the server began to close would be kept alive after it, and hold up the close for
 * as long as the client keeps it: the last answer says that it ends. So would one that a client has opened for a request to come,
 * as browsers and undici do: Node takes only those for idle that have had a request.
 */
function closeConnectionsAtEnd(app: FastifyInstance): void {
  let closing = false;
  const connections = new Set<Socket>();
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    closing = true;
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

const probes = new Set(['/livez', '/readyz', '/metrics']);

function observeRequests(app: FastifyInstance, log: Logger, metrics: Metrics): void {
  const duration = metrics.histogram('http_request_duration_seconds', 'Time to answer an HTTP request', [
    'method',
    'route',
    'status',
  ]);
  app.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, route: routeOf(request), status: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
    inTrace(request, () => {
      const level = probes.has(labels.route) ? 'trace' : reply.statusCode >= 500 ? 'warn' : 'debug';
      const ms = Math.round(reply.elapsedTime * 10) / 10;
      log[level]({ method: request.method, path: pathOf(request), status: reply.statusCode, ms }, 'request');
    });
    done();
  });
}
