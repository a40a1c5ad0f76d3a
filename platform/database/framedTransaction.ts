import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import { knows, prepareAndRun } from './oneExchange.ts';
import { type NamedStatement, PrefixedQuery } from './prefixedQuery.ts';

/** Statements that a transaction begins and ends with, without a round trip of their own. */
export type Frame = {
  /** Runs after BEGIN, in the exchange of the first statement: when it fails, nothing else of the transaction runs. */
  opening?: NamedStatement;
  /** Runs before COMMIT, in the same exchange: when it fails, nothing is committed. May be set during the transaction. */
  closing?: NamedStatement;
  /** True once the transaction has begun on a connection of ours; one that isn't takes no frame. */
  taken: boolean;
  /** Why the opening has failed, if it has. */
  refused?: Error;
  /** Gives up the connection that the transaction is on, so that what waits for an answer fails. */
  abandon?: () => void;
};

const frames = new AsyncLocalStorage<Frame>();

/** Runs `work`, whose first Prisma transaction takes the frame; the ones after it and beside it have none. */
export function withFrame<Result>(
  statements: Pick<Frame, 'opening'>,
  work: (frame: Frame) => Promise<Result>,
): Promise<Result> {
  const frame: Frame = { ...statements, taken: false };
  return frames.run(frame, () => work(frame));
}

/**
 * The pool as Prisma's adapter gets it. BEGIN waits for the first statement and goes in one exchange with it, as COMMIT does
 * with a closing, which spares each transaction a round trip; one in which nothing was done does without any.
 */
export function framedPool(pool: Pool): Pool {
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    const frame = frames.getStore();
    if (!frame || frame.taken) return transactionOn(client);
    frame.taken = true;
    frame.abandon = () => (client as unknown as Wired).connection.stream.destroy();
    return transactionOn(client, frame);
  };
  return Object.create(pool, { connect: { value: connect }, query: { value: pool.query.bind(pool) } });
}

/** What pg's client has and its types leave out. */
type Wired = { connection: { stream: { destroy(): void } } };

const begin: NamedStatement = { name: 'backbone-begin', text: 'BEGIN', values: [] };

/** A connection as Prisma's adapter sees it for one transaction. */
function transactionOn(client: PoolClient, frame?: Frame): PoolClient {
  /** What goes before the next statement; null until the adapter begins. */
  let waiting: NamedStatement[] | null = null;
  let sending: Promise<unknown> | null = null;
  /** Why the transaction has not begun, or its opening or closing has not run. */
  let broken: Error | null = null;

  const send = async (config: QueryConfig): Promise<QueryResult> => {
    const before = waiting ?? [];
    waiting = [];
    if (before.length === 0) return client.query(config);
    const exchange = exchangeOf(client, before, config, (statement, error) => {
      broken = error;
      if (frame && statement === frame.opening) frame.refused = error;
    });
    sending = exchange.catch(() => {});
    return exchange;
  };

  const query = async (config: QueryConfig): Promise<QueryResult> => {
    if (waiting === null) {
      if (config.text !== 'BEGIN') throw new Error(`Not the beginning of a transaction: ${config.text}`);
      waiting = [begin, ...(frame?.opening ? [frame.opening] : [])];
      return nothing('BEGIN');
    }
    // A handler may send several at once: none overtakes the first, which what goes before it may need several trips for.
    if (sending) await sending;
    const untouched = waiting[0] === begin;
    if (config.text === 'ROLLBACK' && untouched) return nothing('ROLLBACK');
    // Outside a transaction it would be committed.
    if (broken && !/^(COMMIT|ROLLBACK)$/.test(config.text)) throw broken;
    if (config.text !== 'COMMIT') return send(config);
    if (frame?.closing) waiting.push(frame.closing);
    if (untouched && waiting.length === 1) return nothing('COMMIT');
    try {
      if (broken) throw broken;
      const result = await send(config);
      // What Postgres answers when a statement had failed and the work went on all the same.
      if (result.command === 'ROLLBACK')
        throw new Error('The transaction was rolled back: one of its statements failed');
      return result;
    } catch (error) {
      // The adapter would give the connection back as it is.
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  };

  return {
    query,
    on: client.on.bind(client),
    removeListener: client.removeListener.bind(client),
    release: (error?: Error | boolean) => client.release(error),
  } as unknown as PoolClient;
}

/** Sends a query with what goes before it: in one exchange, or one by one where a statement has to be prepared first. */
async function exchangeOf(
  client: PoolClient,
  before: readonly NamedStatement[],
  config: QueryConfig,
  onFailure: (statement: NamedStatement, error: Error) => void,
): Promise<QueryResult> {
  if (!knows(client, before)) {
    for (const statement of before) {
      await prepareAndRun(client, statement).catch((error: Error) => {
        onFailure(statement, error);
        throw error;
      });
    }
    return client.query(config);
  }
  return new Promise((resolve, reject) => {
    const prefixed: PrefixedQuery = new PrefixedQuery(before, config, (error, result) => {
      if (!error) return resolve(result);
      const statement = prefixed.failed();
      if (statement) onFailure(statement, error);
      reject(error);
    });
    client.query(prefixed as never);
  });
}

/** The answer to a statement that was not sent. */
const nothing = (command: string): QueryResult => ({ command, rowCount: 0, oid: 0, fields: [], rows: [] });
