import type { FastifyInstance } from 'fastify';

/**
 * Every answer says which trace it was: `traceresponse: 00-<trace id>-<span id>-<01 where spans are recorded, else 00>`. It is
 * the name and the form of the W3C's editor's draft (https://w3c.github.io/trace-context/#traceresponse-header), which Trace
 * Context Level 2 left out.
 */
export function tellTrace(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { span } = request.trace ?? {};
    if (span) {
      const { traceId, spanId } = span.spanContext();
      reply.header('traceresponse', `00-${traceId}-${spanId}-${span.isRecording() ? '01' : '00'}`);
    }
    done();
  });
}
