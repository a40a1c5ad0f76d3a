import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { newId } from '../ids.ts';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { defineProjection } from './defineProjection.ts';

type Row = { userId: string; listId: string; mood: string | null; since: Date; version: number };

/** A table with a name, columns and types that need care. */
const moods = defineProjection<Row>({
  table: 'user',
  columns: { userId: 'user_id', listId: 'order', mood: 'mood', since: 'since' },
  key: ['userId', 'listId'],
});

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('tasks');
  await database.pool.query(`
    create type mood as enum ('GOOD', 'BAD');
    create table "user" (
      user_id uuid, "order" uuid, mood mood, since timestamptz not null, version int not null, note text default 'own',
      primary key (user_id, "order"))`);
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('delete from "user"'));

const sql = (pool: Pool) => ({
  $executeRawUnsafe: async (text: string, ...values: unknown[]) => (await pool.query(text, values)).rowCount ?? 0,
});
const keep = (row: Row) => moods.keep(sql(database.pool), row);
const stored = async () => (await database.pool.query('select * from "user"')).rows;
const row = (more: Partial<Row> = {}): Row => ({
  userId: newId(),
  listId: newId(),
  mood: 'GOOD',
  since: new Date('2026-03-01T09:30:00.123Z'),
  version: 1,
  ...more,
});

it('keeps a row with the types of its columns, and leaves other columns alone', async () => {
  const kept = row();
  expect(await keep(kept)).toBe(true);
  expect(await stored()).toEqual([
    { user_id: kept.userId, order: kept.listId, mood: 'GOOD', since: kept.since, version: 1, note: 'own' },
  ]);
});

it('replaces a lower version only, in whatever order versions come', async () => {
  const first = row();
  const results: boolean[] = [];
  for (const version of [3, 1, 2, 3, 4, 4])
    results.push(await keep({ ...first, version, mood: version > 3 ? null : 'BAD' }));
  expect(results).toEqual([true, false, false, false, true, false]);
  expect(await stored()).toMatchObject([{ version: 4, mood: null }]);
});

it('ends at the highest version when all come at once', async () => {
  const first = row();
  await Promise.all([5, 2, 9, 1, 7, 8, 3].map((version) => keep({ ...first, version })));
  expect(await stored()).toMatchObject([{ version: 9 }]);
});

it('takes only the fields that it declares', async () => {
  await keep({ ...row(), note: 'not mine' } as Row);
  expect(await stored()).toMatchObject([{ note: 'own' }]);
});

it('keeps several at once, of each the later version, and counts those that it kept', async () => {
  const [known, later, fresh] = [row(), row({ version: 3 }), row()];
  await keep(known);
  await keep(later);
  const told = [{ ...known, version: 2 }, { ...later, version: 2, mood: 'BAD' }, fresh];
  expect(await moods.keepAll(sql(database.pool), told)).toBe(2);
  const versions = new Map((await stored()).map(({ user_id, version }) => [user_id, version]));
  expect([known, later, fresh].map(({ userId }) => versions.get(userId))).toEqual([2, 3, 1]);
  expect(await moods.keepAll(sql(database.pool), told)).toBe(0);
  expect(await moods.keepAll(sql(database.pool), [])).toBe(0);
});

it('of the same row several times at once, keeps the latest version', async () => {
  const [one, other] = [row(), row()];
  const told = [2, 7, 4].map((version) => ({ ...one, version, mood: version === 7 ? null : 'BAD' }));
  expect(await moods.keepAll(sql(database.pool), [...told, other])).toBe(2);
  const { rows } = await database.pool.query('select version, mood from "user" where user_id = $1', [one.userId]);
  expect(rows).toEqual([{ version: 7, mood: null }]);
});
