import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createScope } from '#platform/service/scope.ts';
import { type TestDatabase, testDatabase, waitFor } from '#platform/testing/index.ts';
import { inboxKeptMs, keepPruned, prune, publishedKeptMs } from '../prune.ts';

const hour = 60 * 60_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('tasks');
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const table of ['inbox', 'published', 'failure', 'dead_letter']) await sql(`delete from backbone.${table}`);
});

const sql = async (text: string, ...values: unknown[]) => (await database.pool.query(text, values)).rows;
const count = async (table: string) => Number((await sql(`select count(*) from backbone.${table}`))[0].count);
/** A UUIDv7 of so many milliseconds ago. */
function idFrom(ageMs: number): string {
  const hex = `${(Date.now() - ageMs).toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(1)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
const ago = (ageMs: number) => new Date(Date.now() - ageMs);
const handled = (consumer: string, eventAgeMs: number, ageMs: number) =>
  sql('insert into backbone.inbox values ($1, $2, $3)', consumer, idFrom(eventAgeMs), ago(ageMs));
const published = (sequence: number, ageMs: number) =>
  sql('insert into backbone.published values ($1, $2, $3)', sequence, idFrom(ageMs), ago(ageMs));

describe('pruning', () => {
  it('forgets what was handled longer ago than an event can come again', async () => {
    await handled('a', inboxKeptMs + hour, inboxKeptMs + hour);
    await handled('b', inboxKeptMs + hour, inboxKeptMs + hour);
    await handled('a', inboxKeptMs - hour, inboxKeptMs - hour);
    // An old event that came late: it may come again.
    await handled('b', inboxKeptMs + hour, hour);
    expect(await prune(database.pool)).toMatchObject({ inbox: 2 });
    expect((await sql('select consumer from backbone.inbox order by 1')).map((row) => row.consumer)).toEqual([
      'a',
      'b',
    ]);
  });

  it('forgets what was published longer ago than the stream has it, but for the newest', async () => {
    for (const sequence of [1, 2, 3]) await published(sequence, publishedKeptMs + hour);
    expect(await prune(database.pool)).toMatchObject({ published: 2 });
    expect(await sql('select sequence from backbone.published')).toEqual([{ sequence: '3' }]);
    await published(4, publishedKeptMs - hour);
    await published(5, 0);
    expect(await prune(database.pool)).toMatchObject({ published: 1 });
    expect((await sql('select sequence from backbone.published order by 1')).map((row) => row.sequence)).toEqual([
      '4',
      '5',
    ]);
  });

  it('forgets failures of events that nobody tries any more, never dead letters', async () => {
    const failed = (ageMs: number) =>
      sql(
        `insert into backbone.failure (consumer, event_id, last_at, reason) values ('a', $1, $2, 'no')`,
        idFrom(ageMs),
        ago(ageMs),
      );
    await failed(publishedKeptMs + hour);
    await failed(hour);
    await sql(
      `insert into backbone.dead_letter values ('a', $1, '{}', 'no', 5, $2, $2)`,
      idFrom(10 * inboxKeptMs),
      ago(10 * inboxKeptMs),
    );
    expect(await prune(database.pool)).toMatchObject({ failure: 1 });
    expect([await count('failure'), await count('dead_letter')]).toEqual([1, 1]);
  });

  it('goes on in batches until all of it is gone, and stops when the process does', async () => {
    await sql(
      `insert into backbone.inbox
       select 'a', (left(backbone.uuid_at(now() - $1 * interval '1 ms')::text, 24) || lpad(to_hex(n), 12, '0'))::uuid,
              now() - $1 * interval '1 ms'
       from generate_series(1, 2500) as n`,
      inboxKeptMs + hour,
    );
    const stopped = new AbortController();
    stopped.abort();
    expect(await prune(database.pool, stopped.signal)).toEqual({});
    expect(await prune(database.pool)).toMatchObject({ inbox: 2500 });
    expect(await count('inbox')).toBe(0);
  });

  it('runs in the background from the start', async () => {
    await handled('a', inboxKeptMs + hour, inboxKeptMs + hour);
    const scope = createScope();
    keepPruned({ pool: database.pool, log: pino({ level: 'silent' }), scope });
    await waitFor(async () => (await count('inbox')) === 0);
    await scope.close();
  });
});
