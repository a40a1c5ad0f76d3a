import type { KeyObject } from 'node:crypto';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { publishedKeys, type SigningKeyTimes, signingKey } from '../domain/signingKey.ts';
import type { Database } from '../store/database.ts';
import { insertFirstKey, insertSigningKey, listSigningKeys } from '../store/signingKeys.ts';
import { newSigningKeyPair, openKey, type SigningKeyPair, sealKey, signingKeyPair } from './signingKeyPair.ts';

/** The keys of access tokens, as all processes of this service have them. */
export type Keyring = {
  /** The key that signs now. */
  signer(now: Date): SigningKeyPair;
  /** The public keys as a JSON Web Key Set (RFC 7517): those that sign, did a short while ago, or soon will. */
  jwks(now: Date): { keys: Record<string, string>[] };
};

/** What a rotation may take to be known everywhere; a new key is published for longer than that before it signs. */
const RELOAD_MS = 5_000;

/**
 * Reads the keys out of the database, now and every five seconds. The first key of all is the master; whoever has rotated
 * it away still seals the others with it. While Postgres is away the keys stay what they were.
 */
export async function createKeyring(options: {
  prisma: Database;
  /** ACCESS_TOKEN_KEY. */
  master: KeyObject;
  now: () => Date;
  log: Logger;
  scope: Scope;
}): Promise<Keyring> {
  const { prisma, master, now, log, scope } = options;
  const first = signingKeyPair(master);
  const opened = new Map([[first.kid, first]]);
  const unreadable = new Set<string>();
  let keys: (SigningKeyTimes & SigningKeyPair)[] = [];

  async function load(): Promise<void> {
    const rows = await listSigningKeys(prisma);
    keys = rows.flatMap(({ sealed, ...times }) => {
      const pair = opened.get(times.kid) ?? (sealed ? openKey(master, times.kid, sealed) : undefined);
      if (pair) opened.set(times.kid, pair);
      // Of another master: ACCESS_TOKEN_KEY was changed, and what it had sealed is gone.
      else if (!unreadable.has(times.kid)) log.warn({ kid: times.kid }, 'A key of access tokens cannot be opened');
      if (!pair) unreadable.add(times.kid);
      return pair ? [{ ...times, ...pair }] : [];
    });
  }

  await insertFirstKey(prisma, first.kid, now());
  await load();
  if (!signingKey(keys, now())) {
    // ACCESS_TOKEN_KEY was another one for a while, and is this one again. Nobody else's keys retire for that.
    const pair = newSigningKeyPair();
    const at = now();
    const sealed = sealKey(master, pair);
    await insertSigningKey(prisma, { kid: pair.kid, sealed, createdAt: at, signsFrom: at, retiresAt: null });
    await load();
  }
  let loading: Promise<void> | undefined;
  const timer = setInterval(() => {
    loading ??= load()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'The keys of access tokens cannot be read; they stay what they were'),
      )
      .finally(() => {
        loading = undefined;
      });
  }, RELOAD_MS);
  scope.defer('keys of access tokens', async () => {
    clearInterval(timer);
    await loading;
  });

  return {
    signer(at) {
      const key = signingKey(keys, at);
      if (!key) throw new Error('No key of access tokens signs now');
      return key;
    },
    jwks: (at) => ({ keys: publishedKeys(keys, at).map(({ jwk }) => jwk) }),
  };
}
