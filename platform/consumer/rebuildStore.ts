import type { Pool } from 'pg';
import { inTransaction } from '../outbox/inTransaction.ts';

/** One driver's attempt at a rebuild. Every write below names it, so that one that was given up can't go on. */
export type Attempt = { consumer: string; id: string };

/** A driver that gives no sign of life for so long, in seconds, has died. */
const leaseSeconds = 5;

/** Takes a rebuild that nobody drives. False: somebody does, or there is none. */
export async function claim(pool: Pool, { consumer, id }: Attempt): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update backbone.rebuild set attempt = $2, driven_at = clock_timestamp(), events = 0, waits_for = null
     where consumer = $1
       and (attempt is null or driven_at < clock_timestamp() - make_interval(secs => ${leaseSeconds}))`,
    [consumer, id],
  );
  return rowCount === 1;
}

/** A sign of life, and what there is to tell. `release` lets any worker begin anew at once. False: it is no longer ours. */
export async function note(
  pool: Pool,
  { consumer, id }: Attempt,
  progress: { phase?: string; events?: number; waitsFor?: string; release?: boolean },
): Promise<boolean> {
  const told = progress.phase !== undefined || progress.events !== undefined || progress.waitsFor !== undefined;
  const { rowCount } = await pool.query(
    `update backbone.rebuild
     set driven_at = clock_timestamp(), phase = coalesce($3, phase), events = coalesce($4, events),
         waits_for = case when $5 then $6 else waits_for end, attempt = case when $7 then null else attempt end
     where consumer = $1 and attempt = $2`,
    [
      consumer,
      id,
      progress.phase ?? null,
      progress.events ?? null,
      told,
      progress.waitsFor ?? null,
      progress.release ?? false,
    ],
  );
  return rowCount === 1;
}

/**
 * Clears a consumer's projection, then its inbox and its failures, in one transaction. The order matters: an event that is
 * being handled meanwhile has either its row taken away and then its inbox key too, or keeps both.
 * Throws when another table refers to the projection, or when the attempt is no longer ours.
 */
export async function clearConsumer(pool: Pool, attempt: Attempt, table: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query(
      `select conrelid::regclass::text as "from" from pg_constraint
       where contype = 'f' and confrelid = to_regclass(quote_ident($1))`,
      [table],
    );
    if (rows[0]) throw new Error(`${rows[0].from} refers to ${table}: it can't be cleared`);
    const { rowCount } = await client.query(
      `update backbone.rebuild set phase = 'clearing', driven_at = clock_timestamp() where consumer = $1 and attempt = $2`,
      [attempt.consumer, attempt.id],
    );
    if (rowCount !== 1) throw new Error('another worker has begun anew');
    await client.query(`delete from ${client.escapeIdentifier(table)}`);
    await client.query('delete from backbone.inbox where consumer = $1', [attempt.consumer]);
    await client.query('delete from backbone.failure where consumer = $1', [attempt.consumer]);
  });
}

/** Takes the fence away. False: the attempt is no longer ours. */
export async function finish(pool: Pool, { consumer, id }: Attempt): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with done as (delete from backbone.rebuild where consumer = $1 and attempt = $2 returning consumer)
     update backbone.consumer set rebuilt_at = clock_timestamp() where name in (select consumer from done)`,
    [consumer, id],
  );
  return rowCount === 1;
}
