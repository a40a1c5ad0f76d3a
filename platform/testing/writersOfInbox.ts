import type { Pool } from 'pg';

/** How many transactions of this database are open that have recorded an event as handled: those of consumers at work. */
export async function writersOfInbox(pool: Pool): Promise<number> {
  const { rows } = await pool.query(
    `select count(distinct pid)::int as writers from pg_locks
     where relation = 'backbone.inbox'::regclass and mode = 'RowExclusiveLock'
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows[0].writers;
}
