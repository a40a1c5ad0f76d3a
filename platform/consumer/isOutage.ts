import { isConnectionError, isSerializationFailure } from '../database/errors.ts';
import { Refusal } from '../errors.ts';

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * A Redis that is full, a replica (or without its own), starting, or can't write its snapshot: the state of the server, not of the command.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors names the form, src/server.c of Redis the codes.
 */
const redisCodes = new Set([
  'OOM',
  'READONLY',
  'LOADING',
  'MISCONF',
  'NOREPLICAS',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MASTERDOWN',
]);

/**
 * True for what is nobody's fault: Postgres, Redis or another subgraph is away, or two transactions met. The event waits
 * and costs nothing; only what the handler itself can't do leads to the dead letters.
 */
export function isOutage(error: unknown): boolean {
  if (isConnectionError(error) || isSerializationFailure(error)) return true;
  if (error instanceof Refusal) return error.extensions.code === 'SERVICE_UNAVAILABLE';
  if (!(error instanceof Error)) return false;
  if (networkCodes.has((error as NodeJS.ErrnoException).code ?? '')) return true;
  // What Redis answers while it can't do anything for anybody; its error begins with the code.
  if (error.name === 'ReplyError') return redisCodes.has(error.message.split(' ', 1)[0] ?? '');
  // ioredis: a command given up while Redis is away, or connected and silent.
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /Connection is closed|Stream isn't writeable|^Command timed out$|^Socket timeout/.test(error.message)
  );
}
