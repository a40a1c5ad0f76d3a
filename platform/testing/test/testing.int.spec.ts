import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startTestNats, startTestRedis, type TestServer, testDatabase, testScope, waitFor } from '../index.ts';

describe('the test fixtures', () => {
  const scope = testScope();
  const servers: TestServer[] = [];

  beforeAll(async () => {
    servers.push(await startTestRedis(), await startTestNats());
  });
  afterAll(async () => {
    for (const server of servers) await server.remove();
  });

  it('copies a migrated database that the subgraph owns, and drops it', async () => {
    const one = await testDatabase('tasks');
    const other = await testDatabase('tasks');
    scope.defer('other', () => other.drop());
    const tables = await one.pool.query(`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`);
    expect(tables.rows[0].n).toBeGreaterThan(1);
    expect((await one.pool.query('SELECT current_user AS who')).rows[0].who).toBe('tasks');
    await one.drop();
    expect((await other.pool.query('SELECT count(*)::int AS n FROM backbone.event')).rows[0].n).toBe(0);
  });

  it('keeps what Redis has over kill -9 and forgets it with wipe', async () => {
    const [redis] = servers as [TestServer];
    const client = new Redis(redis.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    scope.defer('client', () => client.disconnect());
    client.on('error', () => {});
    await client.set('key', 'value');
    await redis.kill();
    await redis.start();
    expect(await client.get('key')).toBe('value');
    await redis.wipe();
    expect(await waitFor(async () => ((await client.get('key')) === null ? 'gone' : false))).toBe('gone');
  });

  it('restarts NATS on its port', async () => {
    const [, nats] = servers as [TestServer, TestServer];
    await nats.kill();
    await nats.start();
    await nats.stop();
    await nats.start();
  });
});
