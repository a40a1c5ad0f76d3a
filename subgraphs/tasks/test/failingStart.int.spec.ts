import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { parseEnv } from '#platform/env.ts';
import { createLogger } from '#platform/logger.ts';
import { createScope } from '#platform/service/scope.ts';
import { startTestNats, startTestRedis, testDatabase, testScope } from '#platform/testing/index.ts';
import { tasksEnvSchema } from '../src/env.ts';
import { startTasks } from '../src/startTasks.ts';

const scope = testScope();

it('a start whose port is taken releases at once what it has begun', async () => {
  const [database, nats, redis] = await Promise.all([testDatabase('tasks'), startTestNats(), startTestRedis()]);
  scope.defer('test servers', () => Promise.all([database.drop(), nats.remove(), redis.remove()]));
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  scope.defer('other', () => other.close());

  const failures: unknown[] = [];
  const env = parseEnv(tasksEnvSchema, {
    NODE_ENV: 'test',
    PORT: String((other.address() as AddressInfo).port),
    USERS_URL: 'http://127.0.0.1:1',
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
  });
  // Each begins at another moment of the consumers' own start.
  for (let attempt = 0; attempt < 3; attempt++) {
    const own = createScope({ log: { error: (details: unknown) => void failures.push(details) } });
    const log = createLogger({ service: 'tasks', level: 'fatal' });
    await expect(startTasks(env, own, log)).rejects.toThrow('EADDRINUSE');
    const start = performance.now();
    await own.close();
    expect(performance.now() - start).toBeLessThan(5_000);
  }
  expect(failures).toEqual([]);
}, 40_000);
