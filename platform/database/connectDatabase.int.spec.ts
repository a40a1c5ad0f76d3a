import { beforeAll, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '#prisma/tasks/client/client.ts';
import { createScope } from '../service/scope.ts';
import { freePort, type TestDatabase, testDatabase, testScope, waitFor } from '../testing/index.ts';
import { connectDatabase } from './connectDatabase.ts';
import { isConnectionError } from './errors.ts';
import { keepEventPartitions } from './keepEventPartitions.ts';
import { prismaAdapter } from './prismaAdapter.ts';

const scope = testScope();
const warnings: unknown[] = [];
const log = { warn: (details: unknown) => void warnings.push(details) };
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await testDatabase('tasks');
  scope.defer('test database', () => database.drop());
  pool = connectDatabase({ url: database.url, size: 2, log, scope });
});

const end = (name: string) =>
  database.pool.query(
    'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [name],
  );

it('survives the loss of idle connections and of those in use', async () => {
  const client = await pool.connect();
  await client.query("SET application_name = 'in use'");
  const other = await pool.connect();
  await other.query("SET application_name = 'idle'");
  other.release();
  await end('idle');
  await end('in use');
  await waitFor(() => warnings.length >= 2);
  const lost = await client.query('SELECT 1').catch((error: unknown) => error);
  expect(isConnectionError(lost)).toBe(true);
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('opens no more connections than it may', async () => {
  const clients = await Promise.all([pool.connect(), pool.connect()]);
  expect(pool.totalCount).toBe(2);
  const third = pool.connect();
  expect(pool.waitingCount).toBe(1);
  for (const client of clients) client.release();
  (await third).release();
});

it('uses no connection again whose transaction is still open', async () => {
  const single = connectDatabase({ url: database.url, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(single) });
  const taken = await single.connect();
  // Prisma gives up, but not the connection that it waits for: what begins late has to be rolled back.
  const late = prisma.$transaction((tx) => tx.$queryRaw`select 1`, { maxWait: 1 });
  await expect(late).rejects.toMatchObject({ code: 'P2028' });
  taken.release();
  await single.query(`create table acknowledged (id int)`);
  const { rowCount } = await database.pool.query(`select from pg_tables where tablename = 'acknowledged'`);
  expect(rowCount).toBe(1);
  await prisma.$disconnect();
});

it('prepares statements under a name, but for those that there may be any number of', async () => {
  const single = connectDatabase({ url: database.url, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(single) });
  await prisma.$queryRaw`select 1 as usual`;
  await prisma.$queryRaw`/* composed */
    select 1 as composed`;
  await prisma.$queryRaw`select 1 as lists where 1 in (1, 2) or 1 IN (3)`;
  const { rows } = await single.query(`select statement from pg_prepared_statements where statement like '%select 1%'`);
  expect(rows).toEqual([{ statement: 'select 1 as usual' }]);
  await prisma.$disconnect();
});

it('keeps a DateTime what it is, wherever the server thinks it is', async () => {
  await database.pool.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), 'Asia/Tokyo'); END $$`,
  );
  const tokyo = connectDatabase({ url: database.url, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: new PrismaPg(tokyo) });
  const createdAt = new Date('2026-11-20T12:34:56.789Z');
  const id = crypto.randomUUID();
  await prisma.project.create({ data: { id, workspaceId: id, key: 'TZ', name: 'Zones', creatorId: id, createdAt } });
  const { rows } = await database.pool.query('SELECT created_at FROM project WHERE id = $1', [id]);
  expect(rows[0].created_at).toEqual(createdAt);
  expect((await prisma.project.findUniqueOrThrow({ where: { id } })).createdAt).toEqual(createdAt);
});

it('does not connect before it is asked to, and closes with its scope', async () => {
  const own = createScope();
  const away = connectDatabase({ url: `postgresql://x:x@127.0.0.1:${await freePort()}/x`, size: 1, log, scope: own });
  expect(away.totalCount).toBe(0);
  expect(isConnectionError(await away.query('SELECT 1').catch((error: unknown) => error))).toBe(true);
  await own.close();
  expect(away.ended).toBe(true);
});

it('keeps the event partitions, and only warns when it cannot', async () => {
  const own = createScope();
  await database.pool.query('ALTER TABLE backbone.event DETACH PARTITION backbone.event_default');
  await database.pool.query(
    "DO $$ BEGIN EXECUTE format('DROP TABLE backbone.event_%s', to_char(now() at time zone 'UTC', 'YYYY_MM')); END $$",
  );
  await database.pool.query('ALTER TABLE backbone.event ATTACH PARTITION backbone.event_default DEFAULT');
  keepEventPartitions({ pool, log, scope: own });
  await own.close();
  const { rows } = await database.pool.query("SELECT FROM pg_inherits WHERE inhparent = 'backbone.event'::regclass");
  expect(rows).toHaveLength(5);

  const before = warnings.length;
  const gone = createScope();
  await database.pool.query('DROP FUNCTION backbone.ensure_event_partitions(integer)');
  keepEventPartitions({ pool, log, scope: gone });
  await gone.close();
  expect(warnings).toHaveLength(before + 1);
});
