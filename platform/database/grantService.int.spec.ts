import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { grantService } from './grantService.ts';
import { migrate } from './migrate.ts';

const login = `service_${randomBytes(4).toString('hex')}`;
const log = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;
let owner: pg.Client;
let service: pg.Pool;
let serviceUrl: string;

beforeAll(async () => {
  database = await testDatabase('tasks');
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'test'`);
  await admin.end();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  expect(await grantService(owner, login)).toEqual([]);
  const url = new URL(database.url);
  url.username = login;
  url.password = 'test';
  serviceUrl = url.href;
  service = new pg.Pool({ connectionString: serviceUrl, max: 2 });
});

afterAll(async () => {
  await service.end();
  await owner.query(`DROP OWNED BY ${login}`).catch(() => undefined);
  await owner.end();
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`DROP OWNED BY ${login}`);
  await admin.query(`DROP ROLE ${login}`);
  await admin.end();
  await database.drop();
});

describe("a service's login", () => {
  it.each([
    'CREATE TABLE mine ()',
    'CREATE TABLE backbone.mine ()',
    'CREATE SCHEMA mine',
    'DROP TABLE task',
    'ALTER TABLE task ADD COLUMN mine int',
    'CREATE INDEX ON task (title)',
    'TRUNCATE task',
    'TRUNCATE backbone.outbox',
    'DROP TRIGGER event_append_only ON backbone.event',
    'ALTER TABLE backbone.event DISABLE TRIGGER ALL',
    "SET session_replication_role = 'replica'",
    'CREATE OR REPLACE FUNCTION backbone.uuid_at(at timestamptz) RETURNS uuid LANGUAGE sql AS $$ SELECT NULL::uuid $$',
    'DELETE FROM _prisma_migrations',
    "UPDATE _prisma_migrations SET checksum = ''",
  ])('may not %s', async (sql) => {
    await expect(service.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('may read and write rows, in both schemas', async () => {
    await service.query("INSERT INTO membership VALUES (gen_random_uuid(), gen_random_uuid(), 'OWNER', 1)");
    await service.query('UPDATE membership SET version = 2');
    expect((await service.query('DELETE FROM membership')).rowCount).toBe(1);
    await service.query('INSERT INTO backbone.outbox (event_id) VALUES (gen_random_uuid())');
    expect((await service.query('SELECT * FROM backbone.outbox')).rowCount).toBe(1);
  });

  it('makes event partitions all the same, and writes to them', async () => {
    const { rows } = await service.query('SELECT backbone.ensure_event_partitions(6) AS made');
    expect(rows).toEqual([{ made: 3 }]);
    await service.query(
      `INSERT INTO backbone.event (id, aggregate, aggregate_id, version, type, time, data)
       VALUES (backbone.uuid_at(now() + interval '4 months'), 'task', gen_random_uuid(), 1, 'x', now(), '{}')`,
    );
    await expect(service.query('DELETE FROM backbone.event')).rejects.toThrow(/append-only/);
  });

  it('gets nothing out of planting objects where the function might look', async () => {
    const client = await service.connect();
    try {
      await client.query(
        `CREATE FUNCTION pg_temp.to_char(timestamp, text) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$`,
      );
      await client.query('SET search_path = pg_temp, backbone, public');
      const { rows } = await client.query('SELECT backbone.ensure_event_partitions(7) AS made');
      expect(rows).toEqual([{ made: 1 }]);
      expect((await client.query("SELECT to_regclass('backbone.event_x') AS planted")).rows).toEqual([
        { planted: null },
      ]);
    } finally {
      client.release(true);
    }
  });

  it('may check migrations', async () => {
    await migrate({ url: serviceUrl, name: 'tasks', mode: 'check', log });
    await migrate({ url: serviceUrl, name: 'tasks', mode: 'apply', log }); // nothing to apply
  });

  it('may use what later migrations of the owner add', async () => {
    await owner.query('CREATE TABLE later (id serial)');
    await service.query('INSERT INTO later DEFAULT VALUES');
    expect((await service.query('SELECT * FROM later')).rows).toEqual([{ id: 1 }]);
    await expect(service.query('DROP TABLE later')).rejects.toMatchObject({ code: '42501' });
  });

  it('is told to use the check when it would have to apply', async () => {
    await owner.query("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name LIKE '%init'");
    await expect(migrate({ url: serviceUrl, name: 'tasks', mode: 'apply', log })).rejects.toThrow(
      /may not change the schema of tasks's database.*MIGRATE=check/,
    );
    await expect(migrate({ url: serviceUrl, name: 'tasks', mode: 'check', log })).rejects.toThrow(/lacks .*_init/);
    await owner.query('UPDATE _prisma_migrations SET rolled_back_at = NULL');
  });
});

it('says so when the login owns the tables, or does not exist', async () => {
  expect(await grantService(owner, 'tasks')).toEqual(['tasks owns tables here, or may create some']);
  await expect(grantService(owner, 'nobody"; DROP TABLE task; --')).rejects.toThrow(/no login/);
});
