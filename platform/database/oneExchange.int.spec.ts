import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { isConnectionError, isUniqueViolation } from './errors.ts';
import { inOneExchange } from './oneExchange.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase('tasks');
  await database.pool.query('create table counted (n int primary key)');
  // One connection, so that a test knows what it has prepared.
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => database.pool.query('truncate counted'));

const insert = (name: string, n: number) => ({
  name,
  text: 'insert into counted (n) values ($1) returning n',
  values: [`${n}`],
});
const numbers = async () => (await database.pool.query('select n from counted order by n')).rows.map(({ n }) => n);

describe.each(['on a connection that does not know the statements', 'where they are prepared'])('%s', (where) => {
  const first = where.startsWith('on') ? 'unknown-first' : 'known-first';
  const second = where.startsWith('on') ? 'unknown-second' : 'known-second';
  beforeEach(async () => {
    if (where.startsWith('on')) await pool.query('select 1');
    else await inOneExchange(pool, [insert(first, 98), insert(second, 99)]).catch(() => {});
    await database.pool.query('truncate counted');
  });

  it('runs all of them, and answers what the last one returned', async () => {
    expect((await inOneExchange(pool, [insert(first, 1), insert(second, 2)])).rows).toEqual([{ n: 2 }]);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('runs none of them when the last one fails, and the connection stays of use', async () => {
    const failing = inOneExchange(pool, [insert(first, 1), insert(second, 1)]);
    expect(isUniqueViolation(await failing.catch((error) => error), 'counted_pkey')).toBe(true);
    expect(await numbers()).toEqual([]);
    await inOneExchange(pool, [insert(first, 1), insert(second, 2)]);
    expect(await numbers()).toEqual([1, 2]);
    expect(pool.totalCount).toBe(1);
  });

  it('runs none of them when the first one fails', async () => {
    await database.pool.query('insert into counted values (1)');
    await expect(inOneExchange(pool, [insert(first, 1), insert(second, 2)])).rejects.toThrow(/duplicate key/);
    expect(await numbers()).toEqual([1]);
  });
});

it('gives up a connection that does not answer', async () => {
  await inOneExchange(pool, [insert('locked', 1)]);
  const locking = await database.pool.connect();
  await locking.query('begin');
  await locking.query('lock table counted');
  const failure = await inOneExchange(pool, [insert('locked', 2)], 100).catch((error) => error);
  expect(isConnectionError(failure)).toBe(true);
  expect(pool.totalCount).toBe(0);
  await locking.query('rollback');
  locking.release();
  await inOneExchange(pool, [insert('locked', 3)]);
  expect(await numbers()).toEqual(expect.arrayContaining([1, 3]));
});

it('a single statement is one, too', async () => {
  expect((await inOneExchange(pool, [insert('single', 7)])).rows).toEqual([{ n: 7 }]);
});
