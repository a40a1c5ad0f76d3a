import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { isOutage } from '#platform/consumer/isOutage.ts';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { PrismaClient } from '#prisma/notifications/client/client.ts';
import type { MembershipKey } from './domain/membership.ts';
import { canSee } from './domain/policy.ts';
import type { Memberships } from './memberships.ts';
import { findMemberships, membershipKey } from './store/memberships.ts';
import { findTasks } from './store/places.ts';

/** How often it is looked whether those who follow something still may. */
const WATCH_MS = 500;
/** How long what users has said counts, while the projection can't be relied on: every open stream wants to know. */
const ASKED_MS = 1_000;

/** What open streams and lists ask again and again. Those that ask at the same time, for the same event say, share one query. */
export type Access = {
  /**
   * Whether somebody may see, now, what happens in a workspace. Throws SERVICE_UNAVAILABLE when users had to be asked and
   * couldn't be.
   */
  maySee(userId: string, workspaceId: string): Promise<boolean>;
  /**
   * Makes what the projection says of somebody's memberships what counts: asks users while it can't be relied on. Throws
   * SERVICE_UNAVAILABLE when users had to be asked and couldn't be.
   */
  refresh(userId: string): Promise<void>;
  /** The workspace that a task is in now; null while the projection doesn't have the task. */
  workspaceOf(taskId: string): Promise<string | null>;
  /** Calls back once somebody is no longer a member: within half a second of the projection. Returns how to stop. */
  watch(key: MembershipKey, onLost: () => void): () => void;
};

/**
 * Access for open streams. `fresh` tells whether the projection of memberships can be relied on; while it can't, nobody is
 * put out for what it says, and whatever is sent is asked of users.
 */
export function createAccess(options: {
  prisma: PrismaClient;
  pool: Pool;
  memberships: Memberships;
  fresh: () => boolean;
  log: Logger;
  scope: Scope;
}): Access {
  const { prisma, pool, memberships, fresh, log, scope } = options;

  const newReaders = () => ({
    membership: memberships.reader(pool),
    task: new DataLoader((ids: readonly string[]) => findTasks(prisma, ids)),
  });
  let readers: ReturnType<typeof newReaders> | null = null;
  const current = () => {
    if (readers) return readers;
    const drop = () => {
      readers = null;
    };
    if (fresh()) setImmediate(drop);
    else setTimeout(drop, ASKED_MS).unref();
    readers = newReaders();
    return readers;
  };
  const maySee: Access['maySee'] = async (userId, workspaceId) =>
    canSee((await current().membership.load({ userId, workspaceId }))?.role ?? null);

  const watched = new Map<string, { key: MembershipKey; callbacks: Set<() => void> }>();
  const look = async () => {
    if (watched.size === 0 || !fresh()) return;
    const entries = [...watched.values()];
    const rows = await findMemberships(
      pool,
      entries.map(({ key }) => key),
    );
    const doubtful = entries.filter((_entry, index) => !canSee(rows[index]?.role ?? null));
    await Promise.all(
      doubtful.map(async ({ key, callbacks }) => {
        if (await maySee(key.userId, key.workspaceId)) return;
        for (const onLost of [...callbacks]) onLost();
      }),
    );
  };
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error) => {
        const level = isOutage(error) ? 'debug' : 'warn';
        log[level]({ err: error }, 'Who may go on following could not be read; trying again');
      })
      .finally(() => {
        looking = null;
      });
  }, WATCH_MS);
  scope.defer('access', async () => {
    clearInterval(timer);
    await looking;
  });

  return {
    maySee,
    async refresh(userId) {
      // All of the person's are asked for, and kept, whichever is named.
      if (!fresh()) await current().membership.confirm({ userId, workspaceId: userId });
    },
    workspaceOf: async (taskId) => (await current().task.load(taskId))?.workspaceId ?? null,
    watch(key, onLost) {
      const text = membershipKey(key);
      const entry = watched.get(text) ?? { key, callbacks: new Set() };
      watched.set(text, entry);
      entry.callbacks.add(onLost);
      return () => {
        entry.callbacks.delete(onLost);
        if (entry.callbacks.size === 0 && watched.get(text) === entry) watched.delete(text);
      };
    },
  };
}
