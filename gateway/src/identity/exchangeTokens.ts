import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { tokenScopes } from '#platform/identity/viewer.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { Identity } from './createVerifier.ts';

/** Exchanges an opaque token for the identity that it speaks for; null for one that is no good. */
export type ExchangeToken = (token: string) => Promise<Identity | null>;

const answer = z.object({
  identity: z
    .object({
      viewer: z.object({ userId: z.string(), sessionId: z.string(), scope: z.enum(tokenScopes) }),
      expiresAt: z.number(),
    })
    .nullable(),
});

/** How long an exchange counts. What ends a token before that is told like the end of a session. */
const KEPT_MS = 60_000;
/** A token that is no good is not asked for again for so long. */
const REFUSED_MS = 2_000;
const MAX_KEPT = 10_000;

/**
 * Asks the service that makes personal access tokens whom one speaks for, in a signed call. Answers are kept for a minute, by
 * the token's hash.
 */
export function exchangeTokens(options: {
  service: string;
  url: string;
  keys: CallKeys;
  scope: Scope;
  /** How long the service may take to answer, in milliseconds. */
  timeoutMs: number;
}): ExchangeToken {
  const { service, url, keys, scope, timeoutMs } = options;
  const { pathname, search } = new URL(url);
  const dispatcher = new Agent({ connections: 8 });
  scope.defer('exchange of tokens', () => dispatcher.destroy());
  const kept = new Map<string, { identity: Promise<Identity | null>; until: number }>();

  async function ask(token: string): Promise<Identity | null> {
    const body = JSON.stringify({ token });
    const call = { caller: 'gateway', callee: service, path: pathname + search, viewer: null, clientAddress: null };
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json', ...signCall({ keys, ...call, body, mutation: false }) },
      body,
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
    return answer.parse(JSON.parse(text)).identity;
  }

  return (token) => {
    const name = createHash('sha256').update(token).digest('base64url');
    const known = kept.get(name);
    if (known && known.until > Date.now()) return known.identity;
    const entry = { identity: ask(token), until: Date.now() + KEPT_MS };
    kept.delete(name);
    kept.set(name, entry);
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
    entry.identity.then(
      (identity) => {
        entry.until = Math.min(entry.until, identity?.expiresAt ?? Date.now() + REFUSED_MS);
      },
      () => kept.delete(name),
    );
    return entry.identity;
  };
}
