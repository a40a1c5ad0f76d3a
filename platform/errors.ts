import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { v7 as newId } from 'uuid';
import { isConnectionError } from './database/errors.ts';
import { type ErrorCode, isErrorCode } from './errorCodes.ts';

export { type ErrorCode, errorCodes } from './errorCodes.ts';

/** One wrong argument of a BAD_USER_INPUT: where it is, from the root argument on, and what is wrong. */
export type FieldProblem = { path: string[]; message: string };

/** An expected refusal: reaches the client as it is, and is not logged as an error. */
export class Refusal extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { ...extensions, code } });
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Throws a Refusal. `extensions` are the fields that docs/errors.md lists for the code. */
export function refuse(code: ErrorCode, message: string, extensions?: Record<string, unknown>): never {
  throw new Refusal(code, message, extensions);
}

/** Throws BAD_USER_INPUT for these fields. */
export function refuseInput(fields: FieldProblem[]): never {
  const message = fields.map((field) => `${field.path.join('.')}: ${field.message}`).join('; ');
  throw new Refusal('BAD_USER_INPUT', message || 'The input is not valid', { fields });
}

const masked = 'Something went wrong on our side';

/**
 * Logs an unexpected error once, under a new incident id, and returns what a client may know of it.
 * An error that another service has already logged and masked keeps its incident id and is not logged again.
 */
export function maskError(log: Pick<Logger, 'error'>, error: unknown, details: Record<string, unknown> = {}): Refusal {
  const known = error instanceof GraphQLError ? error.extensions : undefined;
  if (known?.code === 'INTERNAL_SERVER_ERROR' && typeof known.incident === 'string') {
    return new Refusal('INTERNAL_SERVER_ERROR', masked, { incident: known.incident });
  }
  const incident = newId();
  log.error({ ...details, incident, err: error }, 'unexpected error');
  return new Refusal('INTERNAL_SERVER_ERROR', masked, { incident });
}

/**
 * Apollo Server's `formatError`: documented refusals pass as they are, a database that is away is SERVICE_UNAVAILABLE,
 * everything else is logged and masked.
 * Stack traces never leave.
 */
export function formatErrors(
  log: Pick<Logger, 'error'>,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    const cause = originalOf(error);
    if (isErrorCode(extensions.code) && extensions.code !== 'INTERNAL_SERVER_ERROR' && isExpected(cause)) {
      const fields =
        extensions.code === 'BAD_USER_INPUT' && !extensions.fields ? variableProblems(formatted.message) : undefined;
      return { ...formatted, extensions: fields ? { ...extensions, fields } : extensions };
    }
    const path = formatted.path?.join('.');
    if (isConnectionError(cause)) {
      log.error({ err: cause, ...(path === undefined ? {} : { path }) }, 'the database cannot be reached');
      const message = 'A store that is needed for this cannot be reached at the moment';
      return { ...formatted, message, extensions: { code: 'SERVICE_UNAVAILABLE' } };
    }
    const refusal = maskError(log, cause, path === undefined ? {} : { path });
    return { ...formatted, message: refusal.message, extensions: { ...refusal.extensions } };
  };
}

/** graphql-js wraps what a resolver throws; this is the thing thrown. */
function originalOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}

/** A foreign error that happens to have an `extensions.code` is not a refusal: only GraphQL errors are. */
function isExpected(error: unknown): boolean {
  return error instanceof GraphQLError || (error instanceof Error && error.name === 'GraphQLError');
}

/** The fields of a variable that graphql-js itself refused: it says them only in its message. */
function variableProblems(message: string): FieldProblem[] | undefined {
  const name = /^Variable "\$(\w+)"/.exec(message)?.[1];
  if (!name) return undefined;
  const at = / at "([^"]+)"/.exec(message)?.[1];
  const path = (at ?? name).replace(/\[(\d+)\]/g, '.$1').split('.');
  const reason = message.slice(message.indexOf('; ') + 1).trim();
  return [{ path, message: reason }];
}
