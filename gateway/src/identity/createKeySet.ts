import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { request } from 'undici';
import { z } from 'zod';

/** The public keys that access tokens are signed with, by their `kid`. */
export type KeySet = {
  /** @throws KeySetUnavailable when the key isn't known and the publisher can't be asked */
  key(kid: string): Promise<KeyObject | undefined>;
};

/** The keys can't be had: nothing is known about the token, neither good nor bad. */
export class KeySetUnavailable extends Error {}

const publicKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string(),
  x: z.string(),
  y: z.string(),
});
const document = z.object({ keys: z.array(z.unknown()).max(100) });

/** The keys are asked for anew after this long, in the background; a key that was added, as soon as it is used. */
const FRESH_MS = 60_000;
/** After this long without an answer, or without a token, nobody is believed before the publisher was asked. */
const STALE_MS = 120_000;
/** A stream of tokens with made-up key ids must not become a stream of requests to the publisher. */
const ASK_AT_MOST_EACH_MS = 1_000;

/**
 * Reads a JSON Web Key Set (RFC 7517) lazily, so that the gateway starts while its publisher is down: at the first token,
 * again at an unknown `kid`, and once a minute while tokens come. A key that was withdrawn is forgotten with that; while the
 * publisher is away, the keys that it named last go on being good.
 */
export function createKeySet(options: {
  url: string;
  log: Logger;
  /** How long the publisher may take to answer, in milliseconds. */
  timeoutMs?: number;
  now?: () => number;
}): KeySet {
  const { url, log, timeoutMs = 2_000, now = Date.now } = options;
  let keys = new Map<string, KeyObject>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let asking: Promise<void> | undefined;

  function ask(): Promise<void> {
    asking ??= read(url, timeoutMs)
      .then((found) => {
        // The same key stays the same object: whoever has verified with it need not do so again.
        for (const [kid, key] of found) if (keys.get(kid)?.equals(key)) found.set(kid, keys.get(kid) as KeyObject);
        keys = found;
        fetchedAt = now();
        failure = undefined;
      })
      .catch((error: unknown) => {
        failure = error;
        log.warn({ err: error, url }, 'the keys of access tokens cannot be read');
      })
      .finally(() => {
        asking = undefined;
      });
    askedAt = now();
    return asking;
  }

  return {
    async key(kid) {
      const age = now() - fetchedAt;
      const mayAsk = asking !== undefined || now() - askedAt >= ASK_AT_MOST_EACH_MS;
      if (mayAsk && !keys.has(kid)) await ask();
      else if (mayAsk && age > FRESH_MS) {
        const asked = ask();
        // Not while the publisher is away: nobody should have to wait for it again and again.
        if (age > STALE_MS && !failure) await asked;
      }
      const found = keys.get(kid);
      if (!found && failure)
        throw new KeySetUnavailable('the keys of access tokens cannot be read', { cause: failure });
      return found;
    },
  };
}

async function read(url: string, timeoutMs: number): Promise<Map<string, KeyObject>> {
  const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(timeoutMs) });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  const keys = new Map<string, KeyObject>();
  for (const candidate of document.parse(JSON.parse(text)).keys) {
    const parsed = publicKey.safeParse(candidate);
    if (parsed.success) keys.set(parsed.data.kid, createPublicKey({ key: parsed.data, format: 'jwk' }));
  }
  return keys;
}
