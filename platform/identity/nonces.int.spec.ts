import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestRedis, testScope, waitFor } from '#platform/testing/index.ts';
import { createNonces } from './nonces.ts';

describe('nonces of two replicas', () => {
  const scope = testScope();

  it('are claimed once through Redis, and by each replica for itself while Redis is away', async () => {
    const server = await startTestRedis();
    scope.defer('redis server', () => server.remove());
    const connect = async () => {
      const redis = new Redis(server.url, { retryStrategy: () => 50 });
      redis.on('error', () => {});
      scope.defer('redis', () => redis.disconnect());
      await waitFor(() => redis.status === 'ready');
      return redis;
    };
    const clients = [await connect(), await connect()] as const;
    const [first, second] = clients.map((redis) => createNonces({ redis, service: 'tasks' })) as [Nonces, Nonces];

    expect(await first.claim('a')).toBe(true);
    expect(await second.claim('a')).toBe(false);
    expect(await clients[0].pttl('nonce:tasks:a')).toBeGreaterThan(55_000);
    const claims = await Promise.all(Array.from({ length: 40 }, (_, index) => [first, second][index % 2]?.claim('b')));
    expect(claims.filter(Boolean)).toHaveLength(1);

    await server.kill();
    await waitFor(() => clients.every((redis) => redis.status !== 'ready'));
    expect(await first.claim('c')).toBe(true);
    expect(await first.claim('c')).toBe(false);
    expect(await second.claim('c')).toBe(true);

    await server.start();
    await waitFor(() => clients.every((redis) => redis.status === 'ready'));
    expect(await first.claim('d')).toBe(true);
    expect(await second.claim('d')).toBe(false);
  });
});

type Nonces = ReturnType<typeof createNonces>;
