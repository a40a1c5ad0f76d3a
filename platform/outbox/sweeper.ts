import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { StoredEvent } from './event.ts';
import { inTransaction } from './inTransaction.ts';
import { markPublished, type Published, type Publisher } from './publisher.ts';

const intervalMs = 500;
const batchSize = 500;
/** Younger rows belong to the fast path. */
const minAgeMs = 1_000;

/** Publishes what the fast path has left in the outbox. */
export type Sweeper = {
  /** Sweeps now, rows of any age: after a reconnect. */
  sweepAll(): void;
  stop(): Promise<void>;
};

/**
 * One sweep at a time over all replicas (an advisory lock). Rows are taken by being there, never by a cursor over an
 * order: a transaction that commits late can't be skipped. The rows of the lowest ids come first, so a backlog leaves in the
 * order in which its events were recorded. That is a courtesy to whoever reads along, not a promise: transactions overlap,
 * clocks differ, and what is committed after NATS is back overtakes the backlog on the fast path. Nobody relies on it.
 */
export function createSweeper(options: { publisher: Publisher; pool: Pool; log: Logger }): Sweeper {
  const { publisher, pool, log } = options;
  let stopped = false;
  let everything = false;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  const sweep = async () => {
    const age = everything ? 0 : minAgeMs;
    everything = false;
    try {
      while (!stopped && publisher.ready()) {
        const { taken, published } = await sweepBatch(pool, publisher, age);
        if (published > 0) log.debug({ events: published }, 'Swept events into the stream');
        if (taken < batchSize || published < taken) break;
      }
    } catch (error) {
      log.warn({ err: error }, 'The outbox could not be swept; trying again');
    }
  };

  const schedule = (delay: number) => {
    if (timer) clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      timer = null;
      running = running.then(sweep).then(() => {
        if (!timer) schedule(everything ? 0 : intervalMs);
      });
    }, delay);
  };
  schedule(intervalMs);

  return {
    sweepAll() {
      everything = true;
      if (timer) schedule(0);
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

const takeSql = `
  select e.id, e.aggregate, e.aggregate_id as "aggregateId", e.version, e.type, e.time, e.actor_id as "actorId", e.data,
         e.changes, e.traceparent, e.restated
  from backbone.outbox o join backbone.event e on e.id = o.event_id
  where o.created_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
  order by o.event_id limit ${batchSize}
  for update of o skip locked`;

async function sweepBatch(pool: Pool, publisher: Publisher, ageMs: number) {
  return inTransaction(pool, async (client) => {
    const lock = await client.query(`select pg_try_advisory_xact_lock(hashtext('backbone.sweep')) as taken`);
    if (!lock.rows[0].taken) return { taken: 0, published: 0 };
    const { rows } = await client.query<StoredEvent>({ name: 'backbone-sweep', text: takeSql, values: [ageMs] });
    const results = await Promise.allSettled(rows.map((event) => publisher.publish(event)));
    const published = results.flatMap((result): Published[] => (result.status === 'fulfilled' ? [result.value] : []));
    if (published.length > 0) await markPublished(client, published);
    return { taken: rows.length, published: published.length };
  });
}
