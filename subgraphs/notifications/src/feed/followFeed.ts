import { isOutage } from '#platform/consumer/isOutage.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import type { Live, LiveStream } from '#platform/live/createLive.ts';
import type { Topic } from '#platform/live/defineTopic.ts';
import type { Deps } from '../deps.ts';

const REPLAY_PAGE = 100;
/** Hints that wait for a slow reader. Beyond that they are dropped: Postgres has what they told of. */
const MOST_HINTS = 100;
const OUTAGE_PAUSE_MS = 1_000;
const SUBSCRIBE_PATIENCE_MS = 5_000;

/** A feed that can be followed: its items are numbered without gaps, from 1, and become visible in their order. */
export type FeedSource<Item extends { sequence: number }> = {
  /** Where the hints come over Redis that an item was written, and the key that this feed has there. */
  topic: Topic<Item>;
  key: string;
  /** The first sequence that is still there (`last + 1` when none is), and the last that was given out. */
  bounds(): Promise<{ first: number; last: number }>;
  /** Up to `limit` items after a sequence, in their order. */
  list(after: number, limit: number): Promise<Item[]>;
  /**
   * Whether the reader may see the item: asked right before it is sent. An item that may not be seen is passed over. Throws
   * a Refusal to end the feed; after SERVICE_UNAVAILABLE, or when Postgres is away, it is asked again.
   */
  maySee?(item: Item): Promise<boolean>;
  /** Calls back when the reader may not follow the feed any longer. Returns how to stop. */
  watch?(end: (why: Error) => void): () => void;
};

/** An open feed: each item once, in order. `return` ends it at once, also while it waits. */
export type Feed<Item> = AsyncIterableIterator<Item, void>;

/**
 * Follows a feed: what came after the sequence `after` from Postgres, then what comes, live over Redis. Without `after`, what
 * comes from now on.
 *
 * The order of the steps is what makes it gapless: Redis has confirmed the subscription before Postgres is read, so an item
 * that is committed after the read has its hint in the queue. A hint at or below the last sequence is old; the next one is
 * passed on; a later one shows a gap, and Postgres is read again. It is also read again when Redis has been away, when hints
 * had to be dropped, and every 30 s (`rereadFeedsMs`), because a hint can get lost. Sequences become visible in their order
 * (see writingNotifications and writingActivities), so nothing turns up behind what was read.
 *
 * Refusals: BAD_USER_INPUT for an `after` beyond the feed's end, CURSOR_EXPIRED for one before what is kept (also of a reader
 * who is that slow), SERVICE_UNAVAILABLE while Redis is away.
 */
export async function followFeed<Item extends { sequence: number }>(
  { live, rereadFeedsMs, log }: Pick<Deps, 'live' | 'rereadFeedsMs' | 'log'>,
  source: FeedSource<Item>,
  after: number | null,
): Promise<Feed<Item>> {
  const hints = await subscribe(live, source);
  let last: number;
  try {
    const bounds = await source.bounds();
    if (after !== null && after > bounds.last) {
      refuseInput([{ path: ['after'], message: 'Is beyond the end of the list' }]);
    }
    last = after ?? bounds.last;
    if (last + 1 < bounds.first) refuseExpired();
  } catch (error) {
    await hints.return();
    throw error;
  }

  const queue: Item[] = [];
  let behind = true;
  let closed = false;
  let ended: Error | null = null;
  let wake = () => {};
  const readAgain = () => {
    behind = true;
    wake();
  };
  const pause = (error: unknown) => {
    if (!isOutage(error)) throw error;
    log.warn({ err: error }, 'A feed could not be read; trying again');
    setTimeout(readAgain, OUTAGE_PAUSE_MS).unref();
  };
  const timer = setInterval(readAgain, rereadFeedsMs);
  const offReconnect = live.onReconnect(readAgain);
  const unwatch = source.watch?.((why) => {
    ended = why;
    wake();
  });
  void (async () => {
    for await (const hint of hints) {
      if (queue.length < MOST_HINTS) queue.push(hint);
      else behind = true;
      wake();
    }
  })();
  const close = async () => {
    closed = true;
    clearInterval(timer);
    offReconnect();
    unwatch?.();
    wake();
    await hints.return();
  };

  const readPage = async (): Promise<Item[]> => {
    behind = false;
    try {
      const page = await source.list(last, REPLAY_PAGE);
      if (page.length === REPLAY_PAGE) behind = true;
      if (page[0] && page[0].sequence !== last + 1) refuseExpired();
      return page;
    } catch (error) {
      pause(error);
      return [];
    }
  };

  /** What comes next, in order: a page of Postgres, or the item of a hint. Waits when nothing is there. */
  const next = async (): Promise<Item[]> => {
    if (behind) return readPage();
    const hint = queue.shift();
    if (!hint) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      return [];
    }
    if (hint.sequence > last + 1) behind = true;
    return hint.sequence === last + 1 ? [hint] : [];
  };

  /** Null when it can't be said now: then the item is read again after a pause. */
  const maySee = async (item: Item): Promise<boolean | null> => {
    if (!source.maySee) return true;
    try {
      return await source.maySee(item);
    } catch (error) {
      pause(error);
      return null;
    }
  };

  async function* follow(): AsyncGenerator<Item, void> {
    try {
      while (!closed) {
        for (const item of await next()) {
          if (ended) throw ended;
          const seen = await maySee(item);
          if (seen === null) break;
          last = item.sequence;
          if (seen) yield item;
        }
        if (ended) throw ended;
      }
    } finally {
      await close();
    }
  }

  const generator = follow();
  const feed: Feed<Item> = {
    next: () => generator.next(),
    // A generator that waits would take its return() only after it has woken up.
    async return() {
      await close();
      return generator.return();
    },
    async throw(error) {
      await close();
      return generator.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return feed;
}

function refuseExpired(): never {
  return refuse('CURSOR_EXPIRED', 'What came after this cursor is not kept any longer');
}

/** Waits for Redis to confirm, but not for Redis to come back. */
async function subscribe<Item extends { sequence: number }>(
  live: Live,
  { topic, key }: FeedSource<Item>,
): Promise<LiveStream<Item>> {
  const subscribing = live.subscribe(topic, key);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, SUBSCRIBE_PATIENCE_MS, null);
  });
  const hints = await Promise.race([subscribing, late]).finally(() => clearTimeout(timer));
  if (hints) return hints;
  subscribing.then((stream) => stream.return()).catch(() => {});
  return refuse('SERVICE_UNAVAILABLE', 'Live updates are not available at the moment');
}
