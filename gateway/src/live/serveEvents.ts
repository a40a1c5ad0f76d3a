import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, errorCodes } from '#platform/errors.ts';
import type { Metrics } from '#platform/service/metrics.ts';
import { inTrace } from '#platform/service/requestTrace.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { ClientAddress } from '../clientAddress.ts';
import type { Identity, Verify } from '../identity/createVerifier.ts';
import type { FormatError } from '../server/formatError.ts';
import type { Connections } from './createConnections.ts';
import { createEventStream, type EventStream } from './createEventStream.ts';
import { OperationFailed, type Operations } from './createOperations.ts';
import type { StreamRequest, Streams } from './createStreams.ts';
import { readOperation, wantsEvents } from './eventRequest.ts';
import { liveMetrics } from './liveMetrics.ts';

export type EventsOptions = {
  operations: Operations;
  streams: Streams;
  connections: Connections;
  /** Undefined: identity is off. */
  verify: Verify | undefined;
  clientAddress: ClientAddress;
  format: FormatError;
  metrics: Metrics;
  log: Logger;
  scope: Scope;
};

/** GraphQL over server-sent events: what a route does for requests that want it. */
export type Events = {
  wanted(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Breaks off all that are open: HTTP can't close before its answers have ended. */
  stop(): void;
};

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back.
  'x-accel-buffering': 'no',
};

/**
 * Serves queries, mutations and subscriptions as event streams (graphql-sse, distinct connections mode). A request that is refused
 * as such, its token for one, gets the answer that HTTP gives; what is wrong with an operation is a `next` event.
 */
export function serveEvents(options: EventsOptions): Events {
  const { operations, streams, connections, verify, clientAddress, format, log, scope } = options;
  const { eventStreams, closes } = liveMetrics(options.metrics);
  const open = new Set<EventStream>();
  function listen(stream: EventStream, request: StreamRequest): () => void {
    return streams.listen(request, {
      next: (text) => stream.next(text),
      get unsent() {
        return stream.unsent;
      },
      end(end) {
        if (end.kind === 'errors') stream.next(JSON.stringify({ errors: end.errors }));
        if (end.kind === 'lost') stream.breakOff('lost');
        else if (end.kind !== 'slow') stream.complete();
        else {
          log.warn('a client reads too slowly, its event stream is closed');
          stream.cutOff();
        }
      },
    });
  }

  function begin(request: FastifyRequest, reply: FastifyReply, identity: Identity | null) {
    reply.hijack();
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEAD });
    reply.raw.flushHeaders();
    // Events leave one by one, as they come.
    request.raw.socket.setNoDelay(true);
    let leave: (() => void) | undefined;
    let ended = false;
    const stream = createEventStream(reply.raw, identity, (end) => {
      ended = true;
      open.delete(stream);
      remove();
      leave?.();
      eventStreams.dec();
      closes.inc({ transport: 'events', code: end });
    });
    const remove = connections.add(stream);
    open.add(stream);
    eventStreams.inc();
    return {
      stream,
      /** The client may have left before there was something to listen to. */
      follow(operation: StreamRequest) {
        if (ended) return;
        leave = listen(stream, operation);
        if (ended) leave();
      },
    };
  }

  return {
    wanted: wantsEvents,
    stop() {
      for (const stream of open) stream.breakOff('stopped');
    },
    async answer(request, reply) {
      const payload = readOperation(request);
      let identity: Identity | null;
      try {
        identity = verify ? await inTrace(request, () => verify(request.headers.authorization)) : null;
      } catch (error) {
        return refuse(
          reply,
          inTrace(request, () => format(error)),
        );
      }
      // Who has left meanwhile won't be heard to leave again.
      if (reply.raw.destroyed || request.raw.socket.destroyed) return void reply.hijack();
      const { stream, follow } = begin(request, reply, identity);
      if (scope.signal.aborted) return stream.breakOff('stopped');
      if (!connections.check(stream)) return;
      try {
        const running = await operations(payload, {
          viewer: identity?.viewer ?? null,
          clientAddress: clientAddress(request.raw),
          userAgent: request.headers['user-agent'],
          readOnly: request.method === 'GET',
          trace: request.trace?.context,
        });
        if (running.kind === 'stream') return follow(running.request);
        stream.next(running.text);
      } catch (error) {
        const errors = error instanceof OperationFailed ? error.errors : [inTrace(request, () => format(error))];
        stream.next(JSON.stringify({ errors }));
      }
      stream.complete();
    },
  };
}

/** The answer that Apollo Server gives to a request whose token is refused. */
function refuse(reply: FastifyReply, error: ReturnType<FormatError>): void {
  const { status } = errorCodes[error.extensions?.code as ErrorCode] ?? errorCodes.INTERNAL_SERVER_ERROR;
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [error] }));
}
