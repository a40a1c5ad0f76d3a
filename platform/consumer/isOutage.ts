import { isConnectionError, isSerializationFailure } from '../database/errors.ts';
import { Refusal } from '../errors.ts';

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * True for what is nobody's fault: Postgres, Redis or another subgraph is away, or two transactions met. The event waits
 * and costs nothing; only what the handler itself can't do leads to the dead letters.
 */
export function isOutage(error: unknown): boolean {
  if (isConnectionError(error) || isSerializationFailure(error)) return true;
  if (error instanceof Refusal) return error.extensions.code === 'SERVICE_UNAVAILABLE';
  if (!(error instanceof Error)) return false;
  if (networkCodes.has((error as NodeJS.ErrnoException).code ?? '')) return true;
  // ioredis names: a command given up while Redis is away.
  return (
    error.name === 'MaxRetriesPerRequestError' || /Connection is closed|Stream isn't writeable/.test(error.message)
  );
}
