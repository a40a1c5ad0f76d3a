import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from '#platform/logger.ts';
import type { NatsLink } from '#platform/nats/connectNats.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { Deps } from './deps.ts';
import { purgeErased } from './erasures.ts';
import { rotateKeys } from './keys/rotateKeys.ts';
import { pruneAccountLinks } from './store/accountLinks.ts';
import { pruneErasedSessions } from './store/erasure.ts';
import { pruneSpentLogins } from './store/identities.ts';
import { pruneAttempts } from './store/passwordAttempts.ts';
import { eraseSuccessors, pruneSessions } from './store/sessions.ts';
import { pruneSigningKeys } from './store/signingKeys.ts';

const ERASE_EACH_MS = 2_000;
const ROTATE_EACH_MS = 60_000;
const PRUNE_EACH_MS = 3_600_000;
/** How long ended sessions stay: people look up where they were signed in, and a reused token is still known as one. */
const KEPT_MS = 30 * 86_400_000;

/**
 * What a worker does now and then: erases successors that are no longer given out, makes another key of access tokens when the
 * last one is old, deletes sessions and keys of long ago, takes people who were erased out of the streams.
 */
export function keepUp({
  deps,
  pool,
  nats,
  keys: { everyDays, ...keys },
  log,
  scope,
}: {
  deps: Pick<Deps, 'prisma' | 'now'>;
  pool: Pool;
  nats: NatsLink;
  keys: { master: KeyObject; tokenSeconds: number; everyDays: number };
  log: Logger;
  scope: Scope;
}): void {
  const { prisma, now } = deps;
  every('successors', ERASE_EACH_MS, () => eraseSuccessors(prisma, now()));
  every('keys', ROTATE_EACH_MS, async () => {
    const made = await prisma.$transaction((tx) => rotateKeys(tx, { ...keys, now: now() }, { everyDays }));
    if (made) log.info(made, 'Another key signs access tokens');
    await pruneSigningKeys(prisma, new Date(now().getTime() - KEPT_MS));
  });
  every('links', PRUNE_EACH_MS, () => pruneAccountLinks(prisma, now()));
  every('logins', PRUNE_EACH_MS, () => pruneSpentLogins(prisma, now()));
  every('attempts', ROTATE_EACH_MS, () => pruneAttempts(prisma));
  every('sessions', PRUNE_EACH_MS, () => pruneSessions(prisma, new Date(now().getTime() - KEPT_MS)));
  every('erasures', ERASE_EACH_MS, () => purgeErased({ deps, pool, nats }));
  every('erased sessions', PRUNE_EACH_MS, () => pruneErasedSessions(prisma, new Date(now().getTime() - KEPT_MS)));

  /** The next round begins when its time has come and the last one has ended. A round that fails is logged. */
  function every(what: string, ms: number, run: () => Promise<unknown>): void {
    let running: Promise<unknown> | undefined;
    const timer = setInterval(() => {
      running ??= run()
        .catch((error: unknown) => log.warn({ err: error, what }, 'Upkeep failed; trying again'))
        .finally(() => {
          running = undefined;
        });
    }, ms);
    scope.defer(`upkeep of ${what}`, async () => {
      clearInterval(timer);
      await running;
    });
  }
}
