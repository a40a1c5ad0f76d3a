import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { streamMaxAgeMs } from '../nats/streams.ts';
import type { Scope } from '../service/scope.ts';
import { inTransaction } from './inTransaction.ts';

const everyMs = 60 * 60_000;
const day = 24 * 60 * 60_000;
const batchSize = 1_000;

/**
 * How long what was published or has failed is remembered, in milliseconds: longer than the stream has it.
 */
export const publishedKeptMs = streamMaxAgeMs + day;

/**
 * How long an inbox remembers an event, in milliseconds. An event that the stream has lost is published again for as long
 * as the stream would have had it, and then lies in the stream for that time anew: twice the age, and a margin.
 */
export const inboxKeptMs = 2 * streamMaxAgeMs + day;

/** Takes one batch away; resolves with how many rows that were. */
type Step = (sql: Pick<Pool, 'query'>) => Promise<number>;

const counted =
  (text: string, ageMs: number, ...values: unknown[]): Step =>
  async (sql) =>
    (await sql.query(text, [ageMs, ...values])).rowCount ?? 0;

/** The age in SQL: $1, in milliseconds. */
const before = `clock_timestamp() - make_interval(secs => $1::float8 / 1000)`;

const steps: Record<string, Step> = {
  // The newest stays: it is what a stream is compared with.
  published: counted(
    `delete from backbone.published where at < ${before} and sequence in (
       select sequence from backbone.published
       where sequence < (select max(sequence) from backbone.published) order by sequence limit ${batchSize})`,
    publishedKeptMs,
  ),
  failure: counted(
    `delete from backbone.failure where (consumer, event_id) in (
       select consumer, event_id from backbone.failure where last_at < ${before} limit ${batchSize})`,
    publishedKeptMs,
  ),
};

/** By consumer, along the primary key: an id tells when its event was made, so that no index on the time is needed. */
const inboxStep = (consumer: string): Step =>
  counted(
    `delete from backbone.inbox where consumer = $2 and event_id in (
       select event_id from backbone.inbox
       where consumer = $2 and event_id < backbone.uuid_at(${before}) and at < ${before}
       order by event_id limit ${batchSize})`,
    inboxKeptMs,
    consumer,
  );

/** The consumers that have an inbox: from one to the next along the primary key, never over all rows. */
const consumersSql = `
  with recursive name as (
    (select consumer from backbone.inbox order by consumer limit 1)
    union all
    select (select i.consumer from backbone.inbox i where i.consumer > name.consumer order by i.consumer limit 1)
    from name where name.consumer is not null
  )
  select consumer from name where consumer is not null`;

/**
 * Takes away what can't be needed any more, in batches of 1,000 rows and a transaction each, so that nobody waits for it.
 * One process at a time. Resolves with how many rows went, by table.
 */
export async function prune(pool: Pool, signal?: AbortSignal): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ consumer: string }>(consumersSql);
  const all: [string, Step][] = [
    ...Object.entries(steps),
    ...rows.map(({ consumer }): [string, Step] => ['inbox', inboxStep(consumer)]),
  ];
  const gone: Record<string, number> = {};
  for (const [table, step] of all) {
    for (let batch = batchSize; batch === batchSize && !signal?.aborted; ) {
      batch = await inTransaction(pool, async (client) => {
        const lock = await client.query(`select pg_try_advisory_xact_lock(hashtext('backbone.prune')) as taken`);
        return lock.rows[0].taken ? step(client) : 0;
      });
      gone[table] = (gone[table] ?? 0) + batch;
    }
  }
  return gone;
}

/** Prunes in the background, now and every hour. A time that fails is logged, and the next one tries again. */
export function keepPruned({ pool, log, scope }: { pool: Pool; log: Logger; scope: Scope }): void {
  const run = () =>
    prune(pool, scope.signal).then(
      (gone) => log.debug(gone, 'Pruned what the backbone need not remember'),
      (error) => log.warn({ err: error }, 'Pruning failed; trying again'),
    );
  let running = run();
  const timer = setInterval(() => {
    running = running.then(run);
  }, everyMs);
  scope.defer('pruning', async () => {
    clearInterval(timer);
    await running;
  });
}
