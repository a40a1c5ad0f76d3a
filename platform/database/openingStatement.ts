import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';

/** A statement that waits for the next transaction; `rows` once that has begun with it. */
type Opening = { sql: string; taken: boolean; rows: number | null };

const openings = new AsyncLocalStorage<Opening>();

/**
 * Runs `work`, whose first Prisma transaction begins with a statement: BEGIN takes it along, which spares a round trip. In
 * one simple query the statement only runs when BEGIN has; two pipelined ones would leave it outside any transaction if not.
 * It takes no parameters: literals are escaped by the caller.
 *
 * `rows` tells in the transaction how many rows the statement has affected; null when the transaction's client does not go
 * through {@link openingPool}: then it has not run.
 */
export function withOpening<Result>(
  sql: string,
  work: (rows: () => number | null) => Promise<Result>,
): Promise<Result> {
  const opening: Opening = { sql, taken: false, rows: null };
  return openings.run(opening, () => work(() => opening.rows));
}

/** The pool as Prisma's adapter gets it: a transaction that begins on one of its connections takes an opening along. */
export function openingPool(pool: Pool): Pool {
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    const opening = openings.getStore();
    if (!opening || opening.taken) return client;
    opening.taken = true;
    takeAlong(client, opening);
    return client;
  };
  return Object.create(pool, { connect: { value: connect }, query: { value: pool.query.bind(pool) } });
}

/** Makes the next query of a connection, the adapter's BEGIN, take the statement along. */
function takeAlong(client: PoolClient, opening: Opening): void {
  const own: { query?: unknown } = client;
  own.query = async (config: QueryConfig): Promise<QueryResult> => {
    delete own.query;
    if (config.text !== 'BEGIN') throw new Error(`Not the beginning of a transaction: ${config.text}`);
    // Of several statements pg returns a result each.
    const text = `BEGIN; ${opening.sql}`;
    const results = (await client.query({ ...config, name: undefined, values: [], text })) as unknown as QueryResult[];
    opening.rows = results[1]?.rowCount ?? 0;
    return results[0] as QueryResult;
  };
}
