import type { Redis } from 'ioredis';
import { nonceMemoryMs } from './canonicalCall.ts';

/** Which nonces were seen. */
export type Nonces = {
  /** True the first time, false for at least 60 s after. */
  claim(nonce: string): Promise<boolean>;
};

const redisPatienceMs = 250;

/**
 * Remembers nonces in this process, and across the replicas of a service when there is a Redis.
 * While Redis is away the process's own memory decides: a replay then has to hit another replica within the window, and
 * the create mutations are safe to repeat anyway; refusing every mutation would be worse.
 */
export function createNonces({
  redis,
  service = '',
  now = Date.now,
}: {
  redis?: Redis;
  service?: string;
  now?: () => number;
} = {}): Nonces {
  // Two generations instead of a timer per nonce: each nonce lives between one and two times the memory.
  let current = new Set<string>();
  let previous = new Set<string>();
  let turnedAt = now();

  const claimHere = (nonce: string): boolean => {
    const time = now();
    if (time - turnedAt >= nonceMemoryMs) {
      previous = time - turnedAt >= 2 * nonceMemoryMs ? new Set() : current;
      current = new Set();
      turnedAt = time;
    }
    if (current.has(nonce) || previous.has(nonce)) return false;
    current.add(nonce);
    return true;
  };

  return {
    async claim(nonce) {
      if (!claimHere(nonce)) return false;
      if (redis?.status !== 'ready') return true;
      return claimInRedis(redis, `nonce:${service}:${nonce}`);
    },
  };
}

async function claimInRedis(redis: Redis, key: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, redisPatienceMs, 'late');
  });
  const answer = redis.set(key, '1', 'PX', nonceMemoryMs, 'NX').catch(() => 'late' as const);
  const outcome = await Promise.race([answer, patience]);
  clearTimeout(timer);
  return outcome !== null;
}
