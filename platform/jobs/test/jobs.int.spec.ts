import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { isOutage } from '#platform/consumer/isOutage.ts';
import { createJobs } from '#platform/jobs/createJobs.ts';
import { defineJob } from '#platform/jobs/defineJob.ts';
import { createScope, type OwnedScope } from '#platform/service/scope.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { traceparent, withTraceparent } from '#platform/telemetry/trace.ts';
import { startTestRedis, type TestServer, waitFor } from '#platform/testing/index.ts';

type Deps = { done: string[]; attempts: number[]; traces: (string | undefined)[]; failures: number };

const greet = defineJob<{ name: string }, Deps>({
  name: 'greet',
  input: z.object({ name: z.string() }),
  id: ({ name }) => `greet-${name}`,
  attempts: 3,
  backoffMs: 20,
  async handle({ name }, deps, { attempt }) {
    deps.attempts.push(attempt);
    deps.traces.push(traceparent());
    if (deps.failures-- > 0) throw new Error('not yet');
    deps.done.push(name);
  },
});

let redis: TestServer;
let scope: OwnedScope;
let deps: Deps;
beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(async () => {
  scope = createScope();
  deps = { done: [], attempts: [], traces: [], failures: 0 };
  await startTelemetry({ service: 'test', scope });
});
afterEach(() => scope.close());
afterAll(() => redis.remove());

let services = 0;
async function open() {
  const registry = new Registry();
  const log = pino({ level: 'silent' });
  const jobs = createJobs({ url: redis.url, service: `test${services++}`, log, registry, scope });
  await waitFor(() => jobs.connected());
  return { jobs, registry };
}

describe('jobs', () => {
  it('runs one job for the same work enqueued twice', async () => {
    const { jobs, registry } = await open();
    await jobs.enqueue(greet, { name: 'a' });
    await jobs.enqueue(greet, { name: 'a' });
    await jobs.enqueue(greet, { name: 'b' });
    jobs.work([greet], deps);
    await waitFor(() => deps.done.includes('b'));
    expect(deps.done).toEqual(['a', 'b']);
    expect(await registry.metrics()).toMatch(/job="greet",outcome="done"} 2/);
  });

  it('tries again after a failure, and is free to be enqueued anew after the last', async () => {
    const { jobs } = await open();
    deps.failures = 4;
    jobs.work([greet], deps);
    await jobs.enqueue(greet, { name: 'a' });
    await waitFor(() => deps.attempts.length === 3);
    expect(deps.attempts).toEqual([1, 2, 3]);
    // What a sweep does: it enqueues what is still due, under the same id.
    await waitFor(async () => {
      await jobs.enqueue(greet, { name: 'a' });
      return deps.done.length === 1;
    });
    expect(deps.done).toEqual(['a']);
  });

  it('waits for its delay, and comes back by the sweep when Redis has lost it', async () => {
    const { jobs } = await open();
    const raw = new Redis(redis.url);
    scope.defer('raw', () => raw.disconnect());
    await jobs.enqueue(greet, { name: 'a' }, { delayMs: 60_000 });
    jobs.work([greet], deps);
    await raw.flushall();
    jobs.every('due', 50, () => jobs.enqueue(greet, { name: 'a' }));
    await waitFor(() => deps.done.length > 0);
  });

  it('refuses at once while Redis is away, and works when it is back', async () => {
    const { jobs } = await open();
    jobs.work([greet], deps);
    await redis.kill();
    await expect(jobs.enqueue(greet, { name: 'a' })).rejects.toThrow();
    await redis.start();
    await waitFor(async () => {
      await jobs.enqueue(greet, { name: 'a' });
      return true;
    });
    await waitFor(() => deps.done.includes('a'));
  }, 20_000);

  it('gives up on a Redis that is connected and silent, refuses at once from then on, and works when it answers', async () => {
    const { jobs } = await open();
    jobs.work([greet], deps);
    const refusal = async () => {
      const since = performance.now();
      const error = await jobs.enqueue(greet, { name: 'a' }).catch((error: Error) => error);
      expect(isOutage(error)).toBe(true);
      return performance.now() - since;
    };
    redis.freeze();
    try {
      expect(await refusal()).toBeLessThan(3_000);
      await waitFor(async () => (await refusal()) < 100);
    } finally {
      redis.thaw();
    }
    await waitFor(async () => {
      await jobs.enqueue(greet, { name: 'a' });
      return true;
    });
    await waitFor(() => deps.done.includes('a'));
  }, 20_000);

  it.each<[string, (admin: Redis) => Promise<unknown>, RegExp]>([
    ['full', (admin) => admin.config('SET', 'maxmemory', '1'), /^OOM /],
    ['a replica', (admin) => admin.call('REPLICAOF', '127.0.0.1', '1'), /^READONLY /],
    ['without its replicas', (admin) => admin.config('SET', 'min-replicas-to-write', '1'), /^NOREPLICAS /],
  ])('tells of a Redis that is %s as of one that is away', async (_name, spoil, answer) => {
    const { jobs } = await open();
    const admin = new Redis(redis.url);
    scope.defer('admin', () => admin.disconnect());
    await jobs.enqueue(greet, { name: 'before' });
    await spoil(admin);
    try {
      const error = await jobs.enqueue(greet, { name: 'a' }).catch((error: Error) => error);
      expect(error).toMatchObject({ message: expect.stringMatching(answer) });
      expect(isOutage(error)).toBe(true);
    } finally {
      await admin.call('REPLICAOF', 'NO', 'ONE');
      await admin.config('SET', 'maxmemory', '0', 'min-replicas-to-write', '0');
    }
  });

  it('takes what Redis has against the command itself for what it is', async () => {
    const admin = new Redis(redis.url);
    scope.defer('admin', () => admin.disconnect());
    await admin.set('text', 'text');
    const error = await admin.lpush('text', 'x').catch((error: Error) => error);
    expect(error).toMatchObject({ name: 'ReplyError', message: expect.stringMatching(/^WRONGTYPE /) });
    expect(isOutage(error)).toBe(false);
  });

  it('continues the trace that it was enqueued in', async () => {
    const { jobs } = await open();
    jobs.work([greet], deps);
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await withTraceparent(`00-${traceId}-00f067aa0ba902b7-01`, 'test', () => jobs.enqueue(greet, { name: 'a' }));
    await waitFor(() => deps.done.length === 1);
    expect(deps.traces[0]).toContain(traceId);
  });
});
