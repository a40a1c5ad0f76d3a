import type { Redis } from 'ioredis';
import { type IRateLimiterOptions, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { refuse } from '#platform/errors.ts';

/** Points that keys have used up, of so many in so much time. Throws TOO_BUSY with retryAfter where none is left. */
export type Limiter = {
  /** Uses up a point, or none where it throws. Returns how many the key has used. */
  consume(key: string): Promise<number>;
  /** Gives a point back. */
  reward(key: string): Promise<void>;
  /** Uses nothing up, and throws when nothing is left. */
  requireLeft(key: string): Promise<void>;
  /** Leaves the key nothing for so many seconds. */
  block(key: string, seconds: number): Promise<void>;
  /** Gives the key all its points back. */
  clear(key: string): Promise<void>;
};

/**
 * A limiter that counts in Redis and in this process, and allows what both allow. A Redis that is away, or answers too late,
 * allows everything: the process's own count is the limit then.
 */
export function createLimiter(shape: IRateLimiterOptions & { points: number }, storeClient: Redis): Limiter {
  const here = new RateLimiterMemory(shape);
  const shared = new RateLimiterRedis({ ...shape, storeClient, rejectIfRedisNotReady: true });

  return {
    async consume(key) {
      try {
        const mine = await here.consume(key);
        const all = await shared.consume(key).catch(async (outcome: unknown) => {
          // Redis counts what it refuses, too.
          if (outcome instanceof RateLimiterRes) await shared.reward(key).catch(refusedOrAway);
          refusedOrAway(outcome);
        });
        return Math.max(mine.consumedPoints, all?.consumedPoints ?? 0);
      } catch (outcome) {
        await here.reward(key);
        return refused(outcome);
      }
    },
    async reward(key) {
      await Promise.all([here.reward(key), shared.reward(key).catch(refusedOrAway)]);
    },
    async requireLeft(key) {
      const counts = await Promise.all([here.get(key), shared.get(key).catch(refusedOrAway)]);
      for (const count of counts) if (count && count.consumedPoints > shape.points) refused(count);
    },
    async block(key, seconds) {
      await Promise.all([here.block(key, seconds), shared.block(key, seconds).catch(refusedOrAway)]);
    },
    async clear(key) {
      await Promise.all([here.delete(key), shared.delete(key).catch(refusedOrAway)]);
    },
  };
}

function refused(outcome: unknown): never {
  if (!(outcome instanceof RateLimiterRes)) throw outcome;
  const retryAfter = Math.max(1, Math.ceil(outcome.msBeforeNext / 1_000));
  return refuse('TOO_BUSY', 'Too many attempts; try again later', { retryAfter });
}

/** Whatever isn't a count is a Redis that can't be asked. */
function refusedOrAway(outcome: unknown): undefined {
  if (outcome instanceof RateLimiterRes) refused(outcome);
}
