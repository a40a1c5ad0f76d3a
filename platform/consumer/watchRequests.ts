import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { rest } from './rest.ts';

/** How often each process looks, in milliseconds. */
const everyMs = 500;

/** How long a process relies on having looked, in milliseconds: then it takes every projection for fenced. */
const reliedOnMs = 2_000;

/**
 * How long after a fence was raised no process relies on the projection any more, in milliseconds: whoever has seen no fence
 * has looked before it was raised, and relies on that for {@link reliedOnMs}.
 */
export const fencedForAllMs = reliedOnMs + 500;

/** A projection's consumer counts as following its stream this long after a worker has said so, in milliseconds. */
const freshForMs = 5_000;

/** What operators have asked of a subgraph's consumers, as each of its processes sees it. */
export type Requests = {
  /** True while the consumer's projection is being rebuilt, or when it isn't known whether it is. */
  fenced(consumer: string): boolean;
  /** True when a worker, this or another, has lately said that the consumer follows its stream. */
  followed(consumer: string): boolean;
  stop(): Promise<void>;
};

type Row = { name: string; rebuild: boolean; replay: boolean; age: number | null };

const lookSql = `
  select c.name, r.consumer is not null as rebuild,
         exists (select from backbone.dead_letter d where d.consumer = c.name and d.replay_at is not null) as replay,
         extract(epoch from clock_timestamp() - c.fresh_at)::float8 * 1000 as age
  from backbone.consumer c left join backbone.rebuild r on r.consumer = c.name`;

/**
 * Looks twice a second which consumers are to be rebuilt and which have dead letters to replay. In Postgres, not in NATS: what
 * was asked for outlives every process, and a fence holds although NATS is away.
 */
export function watchRequests(options: {
  pool: Pool;
  log: Logger;
  /** Called at each look, for a consumer that is asked for. */
  onRebuild?: (consumer: string) => void;
  onReplay?: (consumer: string) => void;
  /** The consumers that follow their streams in this process. */
  fresh?: () => string[];
}): Requests {
  const { pool, log, onRebuild, onReplay, fresh } = options;
  const stopping = new AbortController();
  let seen = new Map<string, { row: Row; at: number }>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const look = async () => {
    const at = performance.now();
    const following = fresh?.() ?? [];
    if (following.length > 0) {
      // Once a second is often enough, and a row of its own is all that it locks.
      const sql = `update backbone.consumer set fresh_at = clock_timestamp()
        where name = any($1) and (fresh_at is null or fresh_at < clock_timestamp() - interval '0.9 s')`;
      await pool.query({ name: 'backbone-fresh', text: sql, values: [following] });
    }
    const { rows } = await pool.query<Row>({ name: 'backbone-requests', text: lookSql });
    seen = new Map(rows.map((row) => [row.name, { row, at }]));
    lookedAt = at;
    for (const { name, rebuild, replay } of rows) {
      if (rebuild) onRebuild?.(name);
      if (replay) onReplay?.(name);
    }
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error) => log.debug({ err: error }, 'Requests could not be looked for; trying again'));
      await rest(everyMs, stopping.signal);
    }
  })();

  return {
    fenced: (consumer) => performance.now() - lookedAt > reliedOnMs || seen.get(consumer)?.row.rebuild === true,
    followed(consumer) {
      const { row, at } = seen.get(consumer) ?? {};
      return row?.age != null && at !== undefined && row.age + performance.now() - at < freshForMs;
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
