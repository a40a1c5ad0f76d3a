import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { Refusal, refuse } from '#platform/errors.ts';
import type { Logger } from '#platform/logger.ts';

/** How long a provider may take for all that one login asks it, in milliseconds: the gateway waits for five seconds. */
const PATIENCE_MS = 4_000;

/**
 * Does what a provider is asked for. What goes wrong is a line in the log, for whoever runs the service, and for the browser
 * one of three codes.
 * Refusals: LOGIN_DENIED, LOGIN_FAILED, SERVICE_UNAVAILABLE.
 */
export async function refuseLogin<T>(
  { provider, log }: { provider: string; log: Pick<Logger, 'warn'> },
  work: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LateError('the provider takes too long')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // Neither its cause nor its response: they hold codes, tokens and what the provider knows of the person.
    const { name, message, code, error: reason } = error as Error & { code?: unknown; error?: unknown };
    log.warn({ provider, name, code, reason }, `A login with a provider has failed: ${message}`);
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      return refuse('LOGIN_DENIED', 'The person has declined at the provider');
    if (isAway(error)) return refuse('SERVICE_UNAVAILABLE', 'The provider cannot be reached at the moment');
    return refuse('LOGIN_FAILED', 'What came back from the provider does not hold');
  } finally {
    clearTimeout(timer);
  }
}

/** The provider took too long. */
class LateError extends Error {}

/** The provider can't be discovered or has said 5xx: the login may succeed another time. */
export class AwayError extends Error {}

function isAway(error: unknown): boolean {
  if (error instanceof LateError || error instanceof AwayError) return true;
  if (error instanceof AuthorizationResponseError)
    return ['server_error', 'temporarily_unavailable'].includes(error.error);
  if (error instanceof ResponseBodyError) return error.status >= 500;
  if (error instanceof ClientError) {
    return error.code === 'OAUTH_TIMEOUT' || (error.cause instanceof Response && error.cause.status >= 500);
  }
  // What fetch throws when nobody answers.
  return error instanceof TypeError && error.message === 'fetch failed';
}
