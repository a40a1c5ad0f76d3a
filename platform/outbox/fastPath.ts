import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { StoredEvent } from './event.ts';
import { markPublished, type Published, type Publisher } from './publisher.ts';

/** More than this many unacknowledged events, and the rest is left to the sweeper. */
const maxInFlight = 256;
/** Acknowledged events are marked in batches, this often. */
const flushMs = 100;

/** Publishes right after the commit, in process: the way almost every event takes. */
export type FastPath = {
  /** Publishes without being awaited. What is skipped or fails stays in the outbox, and the sweeper has it. */
  offer(events: StoredEvent[]): void;
  /** Marks what has been acknowledged so far. */
  flush(): Promise<void>;
  /** Waits for what is in flight (an ack or its timeout) and marks it. */
  drain(): Promise<void>;
};

/** See the measurements in docs/adr/0001-publish-after-commit.md for why this and not a poller or NOTIFY. */
export function createFastPath(options: { publisher: Publisher; pool: Pool; log: Logger }): FastPath {
  const { publisher, pool, log } = options;
  const inFlight = new Set<Promise<void>>();
  let acknowledged: Published[] = [];
  let flushTimer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    if (flushTimer) clearTimeout(flushTimer);
    flushTimer = null;
    const batch = acknowledged;
    acknowledged = [];
    if (batch.length === 0) return flushing;
    flushing = flushing
      .then(() => markPublished(pool, batch))
      // Not marked, so the sweeper publishes them again, and the stream rejects the copies by their ids.
      .catch((error) => log.warn({ err: error, events: batch.length }, 'Published events could not be marked'));
    return flushing;
  };

  const send = async (event: StoredEvent) => {
    try {
      acknowledged.push(await publisher.publish(event));
      flushTimer ??= setTimeout(flush, flushMs);
    } catch (error) {
      log.debug({ err: error, event_id: event.id }, 'Not acknowledged; left to the sweeper');
    }
  };

  return {
    flush,
    offer(events) {
      for (const event of events) {
        if (!publisher.ready() || inFlight.size >= maxInFlight) return;
        const sending = send(event).finally(() => inFlight.delete(sending));
        inFlight.add(sending);
      }
    },
    async drain() {
      await Promise.all(inFlight);
      await flush();
    },
  };
}
