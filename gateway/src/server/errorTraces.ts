import type { Context } from '@opentelemetry/api';
import type { GraphQLFormattedError } from 'graphql';
import { resumeTrace } from '#platform/telemetry/trace.ts';

type Format = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Which trace an error is of, for Apollo Server's `formatError`, which is told of nothing but the error, after waits. */
export type ErrorTraces = {
  note(error: unknown, trace: Context | undefined): void;
  /** Formats each error in its trace, so that what is logged of it can be found. */
  inTheirs(format: Format): Format;
};

/** Remembers errors as long as they live. */
export function createErrorTraces(): ErrorTraces {
  const traces = new WeakMap<object, Context>();
  const traceOf = (error: unknown): Context | undefined => {
    if (typeof error !== 'object' || error === null) return undefined;
    return traces.get(error) ?? traceOf((error as { originalError?: unknown }).originalError);
  };

  return {
    note(error, trace) {
      if (trace && typeof error === 'object' && error !== null) traces.set(error, trace);
    },
    inTheirs: (format) => (formatted, error) => resumeTrace(traceOf(error), () => format(formatted, error)),
  };
}
