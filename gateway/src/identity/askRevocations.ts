import { Agent, request } from 'undici';
import { z } from 'zod';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Scope } from '#platform/service/scope.ts';

/** Sessions that were ended, and when: milliseconds since 1970, by the clock of whoever ended them. */
export type EndedSession = { id: string; at: number };

const answer = z.object({ sessions: z.array(z.object({ id: z.string(), at: z.number() })) });

const TIMEOUT_MS = 900;
/** Ended sessions of half a day, if all of a million people log out. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * A way to ask the service that publishes access tokens which sessions it has ended within the last seconds: a signed call,
 * without a circuit breaker, which could stay open for longer than an ended session may go on.
 */
export function askRevocations({
  service,
  url,
  keys,
  scope,
}: {
  service: string;
  url: string;
  keys: CallKeys;
  scope: Scope;
}) {
  const { pathname, search } = new URL(url);
  const dispatcher = new Agent({ connections: 1, maxResponseSize: MAX_BYTES });
  scope.defer('revocations of the service', () => dispatcher.destroy());

  return async (withinSeconds: number): Promise<EndedSession[]> => {
    const body = JSON.stringify({ withinSeconds });
    const call = { caller: 'gateway', callee: service, path: pathname + search, viewer: null, clientAddress: null };
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { 'content-type': 'application/json', ...signCall({ keys, ...call, body, mutation: false }) },
      body,
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
    return answer.parse(JSON.parse(text)).sessions;
  };
}
