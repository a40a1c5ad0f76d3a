import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { createJobs, type Jobs } from '#platform/jobs/createJobs.ts';
import { defineJob } from '#platform/jobs/defineJob.ts';
import { createLive, type Live } from '#platform/live/createLive.ts';
import { defineTopic } from '#platform/live/defineTopic.ts';
import { startTestRedis, type TestServer, waitFor } from '#platform/testing/index.ts';
import { ThingChanged } from '#platform/testing/testBackbone.ts';
import { statementConsumer } from '../defineConsumer.ts';
import { isOutage } from '../isOutage.ts';
import { type Effects, type Fixture, startFixture } from './fixture.ts';

const told = defineTopic({ name: 'told', payload: z.object({ name: z.string() }) });
const greet = defineJob<{ name: string }, unknown>({
  name: 'greet',
  input: z.object({ name: z.string() }),
  id: ({ name }) => `greet-${name}`,
  attempts: 1,
  backoffMs: 1,
  async handle() {},
});

let test: Fixture;
let redis: TestServer;
let live: Live;
let jobs: Jobs;
beforeEach(async () => {
  test = await startFixture();
  redis = await startTestRedis();
  test.scope.defer('redis', () => redis.remove());
  const to = { url: redis.url, log: pino({ level: 'silent' }), scope: test.scope };
  live = createLive(to);
  jobs = createJobs({ ...to, service: 'test', registry: new Registry() });
  await waitFor(() => live.connected() && jobs.connected());
});
afterEach(() => test.scope.close());

/** Writes one row an event; `follow` comes after the commit. */
const writing = (follow: (name: string) => Promise<unknown>) =>
  statementConsumer({
    name: 'test-writing',
    events: [ThingChanged],
    gathers: true,
    effect: (events) => ({
      name: 'write-effects',
      text: `insert into effect (event_id, name)
        select "eventId", name from jsonb_to_recordset($1::jsonb) as told ("eventId" uuid, name text)
        returning event_id as "eventId", name`,
      values: [JSON.stringify(events.map(({ event }) => ({ eventId: event.id, name: event.data.thing.name })))],
    }),
    async afterCommit(event, _deps: Effects) {
      await follow(event.data.thing.name);
    },
  });
const effects = (count: number) => waitFor(async () => (await test.count('effect')) === count, { timeoutMs: 8_000 });

it('goes on while Redis is connected and silent: what follows the commit as a hint is given up', async () => {
  test.run([
    writing(async (name) => {
      try {
        if (await live.hasListeners(told, 'all')) await live.publish(told, 'all', { name });
      } catch (error) {
        if (!isOutage(error)) throw error;
      }
    }),
  ]);
  await test.commit('a');
  await effects(1);
  redis.freeze();
  try {
    // One after the other: each of them could wait for the follow-up of the one before it.
    for (let count = 2; count <= 6; count++) {
      await test.commit(`n${count}`);
      await effects(count);
    }
    await waitFor(async () => (await test.unhandled('test-writing')) === 0, { timeoutMs: 8_000 });
  } finally {
    redis.thaw();
  }
}, 40_000);

it('makes no dead letters of events whose job a full Redis refuses: they wait, and cost nothing', async () => {
  const admin = new Redis(redis.url);
  test.scope.defer('admin', () => admin.disconnect());
  await admin.config('SET', 'maxmemory', '1');
  let refused = 0;
  const enqueued: string[] = [];
  test.run([
    writing(async (name) => {
      await jobs.enqueue(greet, { name }).catch((error) => {
        refused++;
        throw error;
      });
      enqueued.push(name);
    }),
  ]);
  await test.commit('a', 'b');
  // A failure is counted from the first time on.
  await waitFor(() => refused >= 4, { timeoutMs: 15_000 });
  expect(await test.count('effect')).toBe(2);
  expect(await test.count('backbone.failure')).toBe(0);
  expect(await test.count('backbone.dead_letter')).toBe(0);
  await admin.config('SET', 'maxmemory', '0');
  await waitFor(() => enqueued.length >= 2, { timeoutMs: 15_000 });
  expect([...new Set(enqueued)].sort()).toEqual(['a', 'b']);
}, 60_000);
