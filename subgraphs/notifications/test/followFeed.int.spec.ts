import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Refusal } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { createLive, type Live } from '#platform/live/createLive.ts';
import { defineTopic } from '#platform/live/defineTopic.ts';
import { createLogger } from '#platform/logger.ts';
import { startTestRedis, testScope, waitFor } from '#platform/testing/index.ts';
import { type Feed, type FeedSource, followFeed } from '../src/feed/followFeed.ts';

type Item = z.infer<typeof itemSchema>;

const itemSchema = z.object({ sequence: z.int() });
const topic = defineTopic({ name: 'item', payload: itemSchema });
const scope = testScope();
const log = createLogger({ service: 'feed', level: 'silent' });
let live: Live;

beforeAll(async () => {
  const redis = await startTestRedis();
  scope.defer('redis', () => redis.remove());
  live = createLive({ url: redis.url, log, scope });
  await waitFor(() => live.connected());
});

/** A feed over real hints, whose rows are these. */
function feedOf(more: Partial<FeedSource<Item>> = {}) {
  const kept: Item[] = [];
  let last = 0;
  const reads: number[] = [];
  const key = newId();
  const source: FeedSource<Item> = {
    ...{ topic, key },
    bounds: async () => ({ first: kept[0]?.sequence ?? last + 1, last }),
    async list(after, limit) {
      reads.push(after);
      return kept.filter(({ sequence }) => sequence > after).slice(0, limit);
    },
    ...more,
  };
  return {
    kept,
    reads,
    source,
    async write(times: number) {
      for (let time = 0; time < times; time++) {
        const item = { sequence: ++last };
        kept.push(item);
        await live.publish(topic, key, item);
      }
    },
    follow: async (after: number | null = null) => {
      const feed = await followFeed({ live, rereadFeedsMs: 30_000, log }, source, after);
      scope.defer('feed', () => feed.return?.());
      return feed;
    },
  };
}

/** The next items of a feed. */
async function take(feed: Feed<Item>, times: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < times) {
    const { value, done } = await feed.next();
    if (done) break;
    taken.push((value as Item).sequence);
  }
  return taken;
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

describe('a slow reader', () => {
  it('gets everything once, in order, of which no more than some hundred wait in the process', async () => {
    const { follow, write, reads } = feedOf();
    const feed = await follow();
    const first = feed.next();
    await write(1);
    expect((await first).value).toEqual({ sequence: 1 });
    await write(2_500);
    const before = reads.length;
    expect(await take(feed, 2_500)).toEqual(from(2, 2_500));
    // A hundred came as hints; the rest had to be read.
    expect(reads.length - before).toBeGreaterThanOrEqual(24);
    const next = feed.next();
    await write(1);
    expect((await next).value).toEqual({ sequence: 2_502 });
  }, 20_000);

  it('who is so slow that what comes next is no longer kept gets CURSOR_EXPIRED, and not a gap', async () => {
    const { follow, write, kept } = feedOf();
    const feed = await follow();
    const first = feed.next();
    await write(1);
    await first;
    await write(500);
    kept.splice(0, 400);
    await expect(take(feed, 1)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect((await feed.next()).done).toBe(true);
  });
});

describe('an item', () => {
  it('that may not be seen is passed over', async () => {
    const { follow, write } = feedOf({ maySee: async ({ sequence }) => sequence % 2 === 0 });
    const feed = await follow(0);
    await write(6);
    expect(await take(feed, 3)).toEqual([2, 4, 6]);
  });

  it('of which it can not be said whether it may be seen now is asked for again, and comes once', async () => {
    let asked = 0;
    const { follow, write } = feedOf({
      async maySee() {
        if (++asked < 3) throw new Refusal('SERVICE_UNAVAILABLE', 'users is away');
        return true;
      },
    });
    const feed = await follow();
    const taken = take(feed, 3);
    await write(3);
    expect(await taken).toEqual([1, 2, 3]);
    expect(asked).toBeGreaterThan(3);
  }, 10_000);

  it('that ends the feed ends it with the refusal, and nothing after it is sent', async () => {
    const { follow, write } = feedOf({
      async maySee({ sequence }) {
        if (sequence === 2) throw new Refusal('NOT_FOUND', 'gone');
        return true;
      },
    });
    const feed = await follow(0);
    await write(3);
    expect(await take(feed, 1)).toEqual([1]);
    await expect(feed.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await feed.next()).done).toBe(true);
  });
});

describe('a feed that its reader may follow no longer', () => {
  it('ends at once, also while it waits, and nobody watches it any more', async () => {
    let end: (why: Error) => void = () => {};
    let watching = 0;
    const { follow } = feedOf({
      watch(callback) {
        watching++;
        end = callback;
        return () => void watching--;
      },
    });
    const feed = await follow();
    const next = feed.next();
    expect(watching).toBe(1);
    end(new Refusal('NOT_FOUND', 'gone'));
    await expect(next).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(watching).toBe(0);
  });
});
