import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { subgraphs } from '#dev/subgraphs.ts';
import { root } from '../root.ts';
import { type TestDatabase, testDatabase } from '../testing/index.ts';

let database: TestDatabase;
let client: PoolClient;

beforeAll(async () => {
  database = await testDatabase('tasks');
});
afterAll(() => database.drop());

beforeEach(async () => {
  client = await database.pool.connect();
  await client.query('BEGIN');
});
afterEach(async () => {
  await client.query('ROLLBACK');
  client.release();
});

/** A UUIDv7 of a moment (RFC 9562, section 5.7). */
function uuidAt(time: Date): string {
  const milliseconds = time.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  const hex = `${milliseconds}7${random.slice(1, 4)}8${random.slice(5, 20)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The given day of the month that is `months` after this one, UTC. */
function dayOf(months: number, day = 15): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, day));
}

async function insert(id: string): Promise<string> {
  const { rows } = await client.query(
    `INSERT INTO backbone.event (id, aggregate, aggregate_id, version, type, time, data)
     VALUES ($1, 'task', gen_random_uuid(), 1, 'tasks.task.created.v1', now(), '{}')
     RETURNING tableoid::regclass::text AS partition`,
    [id],
  );
  return rows[0].partition;
}

const partitionOf = (date: Date) => `backbone.event_${date.toISOString().slice(0, 7).replace('-', '_')}`;

async function ensurePartitions(months: number): Promise<number> {
  return (await client.query('SELECT backbone.ensure_event_partitions($1) AS made', [months])).rows[0].made;
}

/** The backbone's migrations of a subgraph: their names and their text. */
function backboneMigrations(name: string): Record<string, string> {
  const folder = join(root, 'prisma', name, 'migrations');
  const names = readdirSync(folder).filter((one) => /^\d{14}_backbone/.test(one));
  return Object.fromEntries(names.map((one) => [one, readFileSync(join(folder, one, 'migration.sql'), 'utf8')]));
}

it('is the same in every subgraph: the same migrations with the same text', () => {
  const [first, ...others] = subgraphs.map(backboneMigrations);
  expect(Object.keys(first ?? {})).toEqual(
    expect.arrayContaining(['20261120000000_backbone', '20261120000200_backbone_replay']),
  );
  for (const other of others) expect(other).toEqual(first);
});

describe('event partitions', () => {
  it.each([0, 1, 2, 3])('an event made %i months from now lies in that month', async (months) => {
    const middle = dayOf(months);
    expect(await insert(uuidAt(middle))).toBe(partitionOf(middle));
    const first = dayOf(months, 1);
    expect(await insert(uuidAt(first))).toBe(partitionOf(first));
    const last = new Date(dayOf(months + 1, 1).getTime() - 1);
    expect(await insert(uuidAt(last))).toBe(partitionOf(first));
  });

  it('before and beyond them there is the default one', async () => {
    expect(await insert(uuidAt(dayOf(-1)))).toBe('backbone.event_default');
    expect(await insert(uuidAt(dayOf(4)))).toBe('backbone.event_default');
    expect(await insert('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('backbone.event_default');
  });

  it('uuid_at is the bound of what is made from that millisecond on', async () => {
    const at = new Date('2026-12-01T00:00:00.000Z');
    const { rows } = await client.query('SELECT backbone.uuid_at($1) AS bound, backbone.uuid_at($2) AS next', [
      at,
      new Date(at.getTime() + 1),
    ]);
    expect(uuidAt(at) > rows[0].bound).toBe(true);
    expect(uuidAt(at) < rows[0].next).toBe(true);
    expect(uuidAt(new Date(at.getTime() - 1)) < rows[0].bound).toBe(true);
  });

  it('are made once', async () => {
    expect(await ensurePartitions(3)).toBe(0);
    expect(await ensurePartitions(5)).toBe(2);
    expect(await ensurePartitions(5)).toBe(0);
    expect(await insert(uuidAt(dayOf(5)))).toBe(partitionOf(dayOf(5)));
  });

  it('take over what had gone to the default one, and leave the append-only guard on', async () => {
    const late = [uuidAt(dayOf(4)), uuidAt(dayOf(4, 28))];
    for (const id of late) await insert(id);
    const later = uuidAt(dayOf(5));
    await insert(later);
    expect(await ensurePartitions(4)).toBe(1);
    const { rows } = await client.query(
      'SELECT id, tableoid::regclass::text AS partition FROM backbone.event WHERE id = ANY($1) ORDER BY id',
      [[...late, later]],
    );
    expect(rows).toEqual([
      ...late.map((id) => ({ id, partition: partitionOf(dayOf(4)) })),
      { id: later, partition: 'backbone.event_default' },
    ]);
    await expect(client.query('DELETE FROM backbone.event WHERE id = $1', [late[0]])).rejects.toThrow(/append-only/);
  });

  it('keep the indexes and refuse a second event of the same id', async () => {
    const id = uuidAt(new Date());
    await insert(id);
    await expect(insert(id)).rejects.toMatchObject({ code: '23505' });
  });

  it.each([-1, 121, null])('refuses %p months', async (months) => {
    await expect(client.query('SELECT backbone.ensure_event_partitions($1)', [months])).rejects.toThrow(/0 to 120/);
  });
});

describe('an event', () => {
  let id: string;

  beforeEach(async () => {
    id = uuidAt(new Date());
    await insert(id);
  });

  it.each([
    ['UPDATE', "UPDATE backbone.event SET data = '{}'"],
    ['DELETE', 'DELETE FROM backbone.event'],
    ['TRUNCATE', 'TRUNCATE backbone.event'],
  ])('refuses %s', async (operation, sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({
      code: '23000',
      message: `backbone.event is append-only: ${operation} refused`,
    });
  });

  it('refuses it in its partition, too', async () => {
    await expect(client.query(`DELETE FROM ${partitionOf(new Date())}`)).rejects.toThrow(/append-only/);
  });

  it('can be redacted and deleted by a transaction that says so, and by no later one', async () => {
    await client.query("SELECT set_config('backbone.redact', 'on', true)");
    await client.query(`UPDATE backbone.event SET data = '{"title": null}', actor_id = NULL WHERE id = $1`, [id]);
    const { rows } = await client.query('SELECT data FROM backbone.event WHERE id = $1', [id]);
    expect(rows).toEqual([{ data: { title: null } }]);
    await client.query('COMMIT; BEGIN');
    await expect(client.query('DELETE FROM backbone.event WHERE id = $1', [id])).rejects.toThrow(/append-only/);
    await client.query("ROLLBACK; BEGIN; SELECT set_config('backbone.redact', 'on', true)");
    expect((await client.query('DELETE FROM backbone.event WHERE id = $1', [id])).rowCount).toBe(1);
    await client.query('COMMIT; BEGIN');
  });
});

it('three replicas that make partitions at once make each once', async () => {
  const own = await testDatabase('tasks');
  try {
    const results = await Promise.all(
      [1, 2, 3].map(() => own.pool.query('SELECT backbone.ensure_event_partitions(8) AS made')),
    );
    expect(results.map((result) => result.rows[0].made).sort()).toEqual([0, 0, 5]);
  } finally {
    await own.drop();
  }
});
