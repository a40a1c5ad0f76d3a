import type { GraphQLFormattedError } from 'graphql';

/** One wrong argument of a BAD_USER_INPUT. */
export type FieldProblem = { path: string[]; message: string };

/**
 * What every operation of the client throws. `code` is one of the API's documented codes, or the client's own:
 * NETWORK_ERROR, when the server could not be reached or the connection was lost for good, BAD_RESPONSE, when what
 * answered is not this API, and NO_WEBSOCKET, when there is nothing to subscribe with.
 */
export class TaskgraphError extends Error {
  override readonly name = 'TaskgraphError';
  readonly code: string;
  /** All errors of the response, the one that this is made of first. */
  readonly errors: readonly GraphQLFormattedError[];
  /** What did arrive: a field whose service is away is null, and the rest is here. */
  readonly data: unknown;

  constructor(
    code: string,
    message: string,
    details: { errors?: readonly GraphQLFormattedError[]; data?: unknown; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errors = details.errors ?? [];
    this.data = details.data ?? null;
  }

  /** Which arguments are wrong; empty unless the code is BAD_USER_INPUT. */
  get fields(): FieldProblem[] {
    return (this.errors[0]?.extensions?.fields as FieldProblem[] | undefined) ?? [];
  }

  /** Seconds to wait before the same request may work; undefined when the server did not say. */
  get retryAfter(): number | undefined {
    return this.errors[0]?.extensions?.retryAfter as number | undefined;
  }

  /** What to quote to whoever runs the server; undefined unless the code is INTERNAL_SERVER_ERROR. */
  get incident(): string | undefined {
    return this.errors[0]?.extensions?.incident as string | undefined;
  }
}

/** The error of a GraphQL response. */
export function errorOf(errors: readonly GraphQLFormattedError[], data?: unknown): TaskgraphError {
  const [first] = errors;
  const code = first?.extensions?.code;
  return new TaskgraphError(typeof code === 'string' ? code : 'BAD_RESPONSE', first?.message ?? 'Unknown error', {
    errors,
    data,
  });
}
