import { expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { GraphQLError } from 'graphql';
import { createCallContexts } from '#platform/telemetry/createCallContexts.ts';
import { createErrorTraces } from './errorTraces.ts';

context.setGlobalContextManager(createCallContexts());

it('formats each error in the trace that it was noted under, wrapped or not, and others in none', () => {
  const errorTraces = createErrorTraces();
  const traceOf = errorTraces.inTheirs(() => ({ message: trace.getActiveSpan()?.spanContext().traceId ?? 'none' }));
  const seen = (error: unknown) => traceOf({ message: '' }, error).message;
  const [one, other] = ['a', 'b'].map((digit) => {
    const error = new Error(digit);
    const span = trace.wrapSpanContext({ traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: 1 });
    errorTraces.note(error, trace.setSpan(ROOT_CONTEXT, span));
    return error;
  }) as [Error, Error];
  expect(seen(one)).toBe('a'.repeat(32));
  expect(seen(new GraphQLError('wrapped', { originalError: other }))).toBe('b'.repeat(32));
  expect([new Error('unknown'), 'text', null].map(seen)).toEqual(['none', 'none', 'none']);
});
