import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Redis } from 'ioredis';
import { refuse } from '#platform/errors.ts';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { PrismaClient } from '#prisma/users/client/client.ts';
import { pauseSeconds } from '../domain/attempts.ts';
import { countAttempt, takeBackAttempt } from '../store/passwordAttempts.ts';
import { createLimiter } from './createLimiter.ts';

/** An attempt that was counted before it was made. */
export type Attempt = {
  /** It was a right one: it counts for nothing, and the next need not wait. */
  succeeded(): Promise<void>;
  /** It was not made after all: it counts for nothing. */
  dropped(): Promise<void>;
  /** It was a wrong one: the next has to wait, the longer the more there were. */
  failed(): Promise<void>;
};

/** How often somebody may try: a password, a mail. */
export type Attempts = {
  /**
   * Counts an attempt, each for itself, in whatever request it came. Throws TOO_BUSY with retryAfter when there were too many
   * for the account or the address, or the last wrong one was too short a while ago.
   *
   * @param account what is tried, whether it exists or not: a normalised address, an id
   * @param address where from; null when that isn't known
   */
  begin(account: string, address: string | null): Promise<Attempt>;
};

/** So many attempts in so many seconds. */
export type Limits = { perAccount: number; perAddress: number; seconds: number };

/**
 * Counts attempts in Redis, for all replicas together, and in this process: while Redis is away or slow, each replica takes
 * that many, but for the attempts on an account where the database counts them, too: those it holds over all of them.
 */
export function connectAttempts(options: {
  url: string;
  /** What is limited: counts under other names are others. */
  name: string;
  limits: Limits;
  /** Counts the attempts on accounts in the database as well, which forgets nothing. */
  prisma?: PrismaClient;
  /** What addresses are counted under: neither Redis nor a dump of it tells whose they are. */
  key: KeyObject;
  log: Pick<Logger, 'debug'>;
  scope: Scope;
}): Attempts {
  const { url, name, limits, prisma, key, log, scope } = options;
  const storeClient = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 500,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
  scope.defer(`attempts of ${name}`, () => storeClient.disconnect());
  storeClient.on('error', (error) => log.debug({ err: error }, 'Redis is away; attempts are counted here'));

  const limiter = (what: string, points: number) =>
    createLimiter({ points, duration: limits.seconds, keyPrefix: `attempts:${name}:${what}` }, storeClient);
  const accounts = limiter('account', limits.perAccount);
  const addresses = limiter('address', limits.perAddress);
  const pauses = limiter('pause', 1);

  const hidden = (text: string) => createHmac('sha256', key).update(text).digest('base64url');

  return {
    async begin(tried, address) {
      const account = hidden(tried);
      const from = address && hidden(network(address));
      await pauses.requireLeft(account);
      const taken: (() => Promise<void>)[] = [];
      const dropped = async () => {
        await Promise.all(taken.map((giveBack) => giveBack()));
      };
      const count = async () => {
        // First: an address that has used up what it has must not use up what accounts have, nor write a row for each.
        if (from) {
          await addresses.consume(from);
          taken.push(() => addresses.reward(from));
        }
        const used = await accounts.consume(account);
        taken.push(() => accounts.reward(account));
        if (!prisma) return used;
        const retryAfter = await countAttempt(prisma, account, { most: limits.perAccount, seconds: limits.seconds });
        if (retryAfter !== null) refuse('TOO_BUSY', 'Too many attempts; try again later', { retryAfter });
        taken.push(() => takeBackAttempt(prisma, account));
        return used;
      };
      const wrong = await count().catch(async (error: unknown) => {
        await dropped();
        throw error;
      });
      return {
        dropped,
        async succeeded() {
          await Promise.all([dropped(), pauses.clear(account)]);
        },
        async failed() {
          const seconds = pauseSeconds(wrong);
          if (seconds > 0) await pauses.block(account, seconds);
        },
      };
    },
  };
}

/** The key of {@link connectAttempts}, derived (HKDF, RFC 5869) from the one that signs access tokens: the same in all replicas. */
export function attemptsKey(master: KeyObject): KeyObject {
  const secret = master.export({ type: 'pkcs8', format: 'der' });
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'taskgraph attempts', 32)));
}

/** Whoever has an IPv6 address has all of its /64. */
function network(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::') as [string, string | undefined];
  const groups = head ? head.split(':') : [];
  const rest = tail ? tail.split(':') : [];
  const all =
    tail === undefined
      ? groups
      : [...groups, ...Array(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
