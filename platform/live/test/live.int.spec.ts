import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { z } from 'zod';
import { isOutage } from '#platform/consumer/isOutage.ts';
import { createLive, type Live } from '#platform/live/createLive.ts';
import { channelOf, defineTopic } from '#platform/live/defineTopic.ts';
import { createScope, type OwnedScope } from '#platform/service/scope.ts';
import { startTestRedis, type TestServer, waitFor } from '#platform/testing/index.ts';

const hello = defineTopic({ name: 'hello', payload: z.object({ n: z.number() }) });

let redis: TestServer;
let scope: OwnedScope;
let live: Live;
beforeAll(async () => {
  redis = await startTestRedis();
});
beforeEach(async () => {
  scope = createScope();
  live = createLive({ url: redis.url, log: pino({ level: 'silent' }), scope });
  await waitFor(() => live.connected());
});
afterEach(() => scope.close());
afterAll(() => redis.remove());

describe('live topics', () => {
  it('delivers from the moment that subscribe resolves, to its key only', async () => {
    const stream = await live.subscribe(hello, 'ada');
    await live.publish(hello, 'grace', { n: 1 });
    await live.publish(hello, 'ada', { n: 2 });
    await live.publish(hello, 'ada', { n: 3 });
    expect(await stream.next()).toEqual({ value: { n: 2 }, done: false });
    expect(await stream.next()).toEqual({ value: { n: 3 }, done: false });
  });

  it('serves several readers of one key, and leaves the channel with the last', async () => {
    const raw = new Redis(redis.url);
    scope.defer('raw', () => raw.disconnect());
    const subscribers = async () => Number((await raw.pubsub('NUMSUB', channelOf(hello, 'ada')))[1]);
    const [first, second] = [await live.subscribe(hello, 'ada'), await live.subscribe(hello, 'ada')];
    expect(await subscribers()).toBe(1);
    await first.return();
    await live.publish(hello, 'ada', { n: 1 });
    expect((await second.next()).value).toEqual({ n: 1 });
    await second.return();
    expect(await first.next()).toEqual({ value: undefined, done: true });
    await waitFor(async () => (await subscribers()) === 0);
  });

  it('lets a reader leave while Redis answers nothing, and the process stop', async () => {
    const stream = await live.subscribe(hello, 'ada');
    redis.freeze();
    await stream.return();
    await scope.close();
    // Until then the connection is closed; what was rejected and handled by nobody fails this test.
    await redis.kill();
    await redis.start();
  });

  it('gives up sending to a Redis that is connected and silent, refuses at once from then on, and sends when it answers', async () => {
    const ms = async (send: () => Promise<unknown>) => {
      const since = performance.now();
      const error = await send().catch((error: Error) => error);
      expect(isOutage(error)).toBe(true);
      return performance.now() - since;
    };
    const publish = () => live.publish(hello, 'ada', { n: 1 });
    redis.freeze();
    try {
      expect(await ms(publish)).toBeLessThan(3_000);
      await waitFor(async () => (await ms(publish)) < 100);
      expect(await ms(() => live.hasListeners(hello, 'ada'))).toBeLessThan(100);
    } finally {
      redis.thaw();
    }
    await waitFor(() => publish().then(() => true));
    expect(await live.hasListeners(hello, 'ada')).toBe(false);
  }, 20_000);

  it('drops a message of the wrong shape', async () => {
    const raw = new Redis(redis.url);
    scope.defer('raw', () => raw.disconnect());
    const stream = await live.subscribe(hello, 'ada');
    await raw.publish(channelOf(hello, 'ada'), '{"n":"one"}');
    await raw.publish(channelOf(hello, 'ada'), 'no json');
    await live.publish(hello, 'ada', { n: 2 });
    // A text that isn't JSON arrives as a string, which is no hello either.
    expect((await stream.next()).value).toEqual({ n: 2 });
  });

  it('keeps the newest 1,000 messages for a slow reader', async () => {
    const stream = await live.subscribe(hello, 'ada');
    for (let n = 0; n < 1_005; n++) await live.publish(hello, 'ada', { n });
    const after = await live.subscribe(hello, 'end');
    await live.publish(hello, 'end', { n: 0 });
    await after.next();
    expect((await stream.next()).value).toEqual({ n: 5 });
  });

  it('says when Redis is back, with its subscriptions in place', async () => {
    const stream = await live.subscribe(hello, 'ada');
    let back = 0;
    live.onReconnect(() => {
      back++;
    });
    await redis.kill();
    await waitFor(() => !live.connected());
    await redis.start();
    await waitFor(() => back === 1);
    await waitFor(async () => {
      await live.publish(hello, 'ada', { n: 1 });
      return true;
    });
    expect((await stream.next()).value).toEqual({ n: 1 });
  });
});
