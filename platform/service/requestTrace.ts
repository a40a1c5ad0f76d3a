import { type Context, context, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contextOf, startSpan } from '../telemetry/trace.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace of this request: run in it what happens outside the hooks and the handler. */
    trace: { span: Span; context: Context } | null;
  }
}

/**
 * Every request runs in a span of the trace that its traceparent header names, or of a new one.
 * Bound twice: reading the body is done in the context of the socket, so what onRequest has set is gone after it
 * (the same reason for which @fastify/request-context binds again at preValidation).
 */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('trace', null);
  app.addHook('onRequest', (request, reply, done) => {
    const started = startSpan(spanName(request), {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'url.path': pathOf(request) },
      parent: contextOf(request.headers),
    });
    request.trace = started;
    // Comes after the answer, and also when the client has left before it.
    reply.raw.once('close', () => endSpan(started.span, reply));
    context.with(started.context, done);
  });
  app.addHook('preValidation', (request, _reply, done) => inTrace(request, done));
}

function endSpan(span: Span, reply: FastifyReply): void {
  span.setAttribute('http.response.status_code', reply.statusCode);
  if (!reply.raw.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR, message: 'the client went away' });
  else if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Runs `work` in the trace of the request. */
export function inTrace<T>(request: FastifyRequest, work: () => T): T {
  return request.trace ? context.with(request.trace.context, work) : work();
}

/** The path without the query string: that can hold personal links. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

const spanName = (request: FastifyRequest): string => `${request.method} ${routeOf(request)}`;

/** The pattern of the route, so that there are as many names as routes, not as many as paths. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}
