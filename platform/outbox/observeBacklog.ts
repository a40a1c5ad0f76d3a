import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { sampledGauges } from '../service/sampledGauges.ts';

/** What is committed and not yet in the stream. */
export type Backlog = { events: number; oldestSeconds: number };

/** Reads the backlog of an outbox: its index is enough for both, and counting a million rows takes some 50 ms. */
export async function readBacklog(sql: Pick<Pool, 'query'>): Promise<Backlog> {
  // Ids begin with their millisecond: the smallest was committed first, give or take what was under way.
  const { rows } = await sql.query<Backlog>(
    `select count(*)::int as events,
            coalesce(greatest(0, extract(epoch from clock_timestamp() - (
              select created_at from backbone.outbox order by event_id limit 1
            ))), 0)::float8 as "oldestSeconds"
     from backbone.outbox`,
  );
  return rows[0] as Backlog;
}

/** Gauges of the outbox. Replicas tell the same: take the maximum. */
export function observeBacklog({ pool, log, registry }: { pool: Pool; log: Logger; registry: Registry }): void {
  sampledGauges({
    registry,
    log,
    gauges: {
      taskgraph_outbox_backlog: { help: 'Events that are committed and not yet acknowledged by the stream' },
      taskgraph_outbox_oldest_seconds: { help: 'How long ago the oldest of them was committed' },
    },
    async read() {
      const { events, oldestSeconds } = await readBacklog(pool);
      return [
        { name: 'taskgraph_outbox_backlog', value: events },
        { name: 'taskgraph_outbox_oldest_seconds', value: oldestSeconds },
      ];
    },
  });
}
