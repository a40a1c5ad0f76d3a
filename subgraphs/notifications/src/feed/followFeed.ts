import { isOutage } from '#platform/consumer/isOutage.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import type { LiveStream } from '#platform/live/createLive.ts';
import type { Deps } from '../deps.ts';
import type { Notification } from '../domain/notification.ts';
import { findLastSequence, listAfter } from '../store/notifications.ts';
import { notificationTopic } from './notificationTopic.ts';

const REPLAY_PAGE = 100;
/** Hints that wait for a slow reader. Beyond that they are dropped: Postgres has what they told of. */
const MOST_HINTS = 100;
const OUTAGE_PAUSE_MS = 1_000;
const SUBSCRIBE_PATIENCE_MS = 5_000;

/** An open feed: each notification once, in order. `return` ends it at once, also while it waits. */
export type Feed = AsyncIterableIterator<Notification, void>;

/**
 * Follows a recipient's feed: what came after the sequence `after` from Postgres, then what comes, live over Redis.
 * Without `after`, what comes from now on.
 *
 * The order of the steps is what makes it gapless: Redis has confirmed the subscription before Postgres is read, so a
 * notification that is committed after the read has its hint in the queue. A hint at or below the last sequence is old;
 * the next one is passed on; a later one shows a gap, and Postgres is read again. It is also read again when Redis has been
 * away, when hints had to be dropped, and every 30 s (`rereadFeedsMs`), because a hint can get lost. Sequences become visible in their
 * order (see insertNotifications), so nothing turns up behind what was read.
 *
 * Refusals: BAD_USER_INPUT for an `after` beyond the feed's end, SERVICE_UNAVAILABLE while Redis is away.
 */
export async function followFeed(
  { prisma, live, rereadFeedsMs, log }: Pick<Deps, 'prisma' | 'live' | 'rereadFeedsMs' | 'log'>,
  recipientId: string,
  after: number | null,
): Promise<Feed> {
  const hints: LiveStream<Notification> = await subscribe(live, recipientId);
  let last: number;
  try {
    const end = await findLastSequence(prisma, recipientId);
    if (after !== null && after > end) refuseInput([{ path: ['after'], message: 'Is beyond the end of the list' }]);
    last = after ?? end;
  } catch (error) {
    await hints.return();
    throw error;
  }

  const queue: Notification[] = [];
  let behind = true;
  let closed = false;
  let wake = () => {};
  const readAgain = () => {
    behind = true;
    wake();
  };
  const timer = setInterval(readAgain, rereadFeedsMs);
  const offReconnect = live.onReconnect(readAgain);
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
    wake();
    await hints.return();
  };

  const readPage = async (): Promise<Notification[]> => {
    behind = false;
    try {
      const page = await listAfter(prisma, recipientId, last, REPLAY_PAGE);
      if (page.length === REPLAY_PAGE) behind = true;
      return page;
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn({ err: error }, 'A feed could not be read; trying again');
      setTimeout(readAgain, OUTAGE_PAUSE_MS).unref();
      return [];
    }
  };

  async function* follow(): AsyncGenerator<Notification, void> {
    try {
      while (!closed) {
        if (behind) {
          for (const notification of await readPage()) {
            last = notification.sequence;
            yield notification;
          }
          continue;
        }
        const hint = queue.shift();
        if (!hint) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (hint.sequence === last + 1) {
          last = hint.sequence;
          yield hint;
        } else if (hint.sequence > last) behind = true;
      }
    } finally {
      await close();
    }
  }

  const generator = follow();
  const feed: Feed = {
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

/** Waits for Redis to confirm, but not for Redis to come back. */
async function subscribe(live: Deps['live'], recipientId: string): Promise<LiveStream<Notification>> {
  const subscribing = live.subscribe(notificationTopic, recipientId);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, SUBSCRIBE_PATIENCE_MS, null);
  });
  const hints = await Promise.race([subscribing, late]).finally(() => clearTimeout(timer));
  if (hints) return hints;
  subscribing.then((stream) => stream.return()).catch(() => {});
  return refuse('SERVICE_UNAVAILABLE', 'Live updates are not available at the moment');
}
