import { SpanKind } from '@opentelemetry/api';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { isRecorded, withSpan } from '../telemetry/trace.ts';
import { isConnectionError } from './errors.ts';
import { type NamedStatement, PrefixedQuery } from './prefixedQuery.ts';

/** The names of the statements that a connection has prepared. */
const prepared = new WeakMap<PoolClient, Set<string>>();

/**
 * Runs statements one after the other, all or none of them, in a single exchange with Postgres: what comes up to one Sync is one
 * transaction, without BEGIN and COMMIT. The result is the last one's. When one fails, nothing has happened.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 *
 * A connection that doesn't know the statements yet prepares them first, in a transaction as everybody knows it. One that has not
 * answered after `patienceMs` is given up like a lost one ({@link isConnectionError}): what became of the statements is unknown.
 */
export function inOneExchange(
  pool: Pool,
  statements: readonly NamedStatement[],
  patienceMs = 20_000,
): Promise<QueryResult> {
  if (!isRecorded()) return exchangeOn(pool, statements, patienceMs);
  const attributes = {
    'db.system.name': 'postgresql',
    'db.query.summary': statements.map(({ name }) => name).join(' '),
  };
  return withSpan('postgres exchange', attributes, () => exchangeOn(pool, statements, patienceMs), SpanKind.CLIENT);
}

async function exchangeOn(pool: Pool, statements: readonly NamedStatement[], patienceMs: number): Promise<QueryResult> {
  const client = await pool.connect();
  let broken = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = knows(client, statements) ? exchange(client, statements) : oneByOne(client, statements);
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('timeout expired: Postgres does not answer')), patienceMs);
    });
    return await Promise.race([answer, late]);
  } catch (error) {
    broken = isConnectionError(error);
    throw error;
  } finally {
    clearTimeout(timer);
    client.release(broken);
  }
}

/** Whether all of these are prepared on the connection. */
export function knows(client: PoolClient, statements: readonly NamedStatement[]): boolean {
  const names = prepared.get(client);
  return names !== undefined && statements.every(({ name }) => names.has(name));
}

/** Runs a statement, which prepares it on the connection. */
export async function prepareAndRun(client: PoolClient, { name, text, values }: NamedStatement): Promise<QueryResult> {
  const result = await client.query({ name, text, values: [...values] });
  const names = prepared.get(client) ?? new Set();
  prepared.set(client, names.add(name));
  return result;
}

async function exchange(client: PoolClient, statements: readonly NamedStatement[]): Promise<QueryResult> {
  const { name, text, values } = statements.at(-1) as NamedStatement;
  return new Promise((resolve, reject) => {
    const query = new PrefixedQuery(statements.slice(0, -1), { name, text, values }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    client.query(query as never);
  });
}

async function oneByOne(client: PoolClient, statements: readonly NamedStatement[]): Promise<QueryResult> {
  await client.query('BEGIN');
  try {
    let result = {} as QueryResult;
    for (const statement of statements) result = await prepareAndRun(client, statement);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
