import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '#prisma/tasks/client/client.ts';
import { freePort, type TestDatabase, testDatabase, waitFor } from '../testing/index.ts';
import { isConnectionError, isSerializationFailure, isUniqueViolation } from './errors.ts';

jest.setTimeout(30_000);

let database: TestDatabase;
let prisma: PrismaClient;
let admin: pg.Client;
let prismaPool: pg.Pool;

beforeAll(async () => {
  database = await testDatabase('tasks');
  prismaPool = new pg.Pool({ connectionString: database.url, application_name: 'prisma' });
  prismaPool.on('error', () => undefined);
  prismaPool.on('connect', (client) => client.on('error', () => undefined));
  prisma = new PrismaClient({ adapter: new PrismaPg(prismaPool) });
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await prisma.$disconnect();
  await prismaPool.end();
  await admin.end();
  await database.drop();
});

/** What a promise is rejected with. */
async function failure(work: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('It was to fail');
}

function kinds(error: unknown) {
  return {
    unique: isUniqueViolation(error),
    serialization: isSerializationFailure(error),
    connection: isConnectionError(error),
  };
}

const nothing = { unique: false, serialization: false, connection: false };

describe('a unique violation', () => {
  const workspaceId = crypto.randomUUID();
  const project = () => ({
    id: crypto.randomUUID(),
    workspaceId,
    key: 'TG',
    name: 'Taskgraph',
    creatorId: workspaceId,
    createdAt: new Date(),
  });
  const insert = `INSERT INTO project (id, workspace_id, key, name, creator_id, created_at)
                  VALUES (gen_random_uuid(), '${workspaceId}', 'TG', 'x', gen_random_uuid(), now())`;

  beforeAll(async () => {
    await prisma.project.create({ data: project() });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['pg', () => database.pool.query(insert)],
    ["Prisma's create", () => prisma.project.create({ data: project() })],
    ["Prisma's createMany", () => prisma.project.createMany({ data: [project()] })],
    ["Prisma's raw query", () => prisma.$executeRawUnsafe(insert)],
    ["Prisma's transaction", () => prisma.$transaction((tx) => tx.project.create({ data: project() }))],
  ])('is recognised from %s, by constraint and column', async (_name, work) => {
    const error = await failure(work);
    expect(kinds(error)).toEqual({ ...nothing, unique: true });
    expect(isUniqueViolation(error, 'project_workspace_id_key_key')).toBe(true);
    expect(isUniqueViolation(error, 'project_pkey')).toBe(false);
  });

  it('is not any other violation', async () => {
    const update = prisma.task.create({
      data: {
        id: crypto.randomUUID(),
        workspaceId,
        projectId: crypto.randomUUID(),
        number: 1,
        title: '',
        status: 'TODO',
        creatorId: workspaceId,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
    expect(kinds(await failure(update))).toEqual(nothing);
    expect(kinds(await failure(prisma.project.update({ where: { id: workspaceId }, data: {} })))).toEqual(nothing);
    expect(kinds(await failure(database.pool.query('SELECT 1/0')))).toEqual(nothing);
  });
});

describe('a conflict of transactions', () => {
  beforeEach(async () => {
    await admin.query('CREATE TABLE IF NOT EXISTS counter (id int PRIMARY KEY, value int); TRUNCATE counter');
    await admin.query('INSERT INTO counter VALUES (1, 0), (2, 0); GRANT ALL ON counter TO tasks');
  });

  it('is recognised from pg (40001)', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM counter');
      await database.pool.query('UPDATE counter SET value = 1');
      const error = await failure(client.query('UPDATE counter SET value = 2'));
      expect(error).toMatchObject({ code: '40001' });
      expect(kinds(error)).toEqual({ ...nothing, serialization: true });
    } finally {
      client.release(true);
    }
  });

  it('is recognised from pg (a deadlock, 40P01)', async () => {
    const [one, two] = await Promise.all([database.pool.connect(), database.pool.connect()]);
    try {
      await one.query('BEGIN; UPDATE counter SET value = 1 WHERE id = 1');
      await two.query('BEGIN; UPDATE counter SET value = 1 WHERE id = 2');
      const results = await Promise.allSettled([
        one.query('UPDATE counter SET value = 1 WHERE id = 2').catch(async (error) => {
          await one.query('ROLLBACK');
          throw error;
        }),
        two.query('UPDATE counter SET value = 1 WHERE id = 1').catch(async (error) => {
          await two.query('ROLLBACK');
          throw error;
        }),
      ]);
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ code: '40P01' });
      expect(kinds(errors[0])).toEqual({ ...nothing, serialization: true });
    } finally {
      one.release(true);
      two.release(true);
    }
  });

  it.each<[string, (tx: Pick<PrismaClient, '$executeRawUnsafe' | 'project'>) => Promise<unknown>]>([
    ['a raw query', (tx) => tx.$executeRawUnsafe('UPDATE counter SET value = 2')],
    ['a model', (tx) => tx.project.updateMany({ data: { name: 'two' } })],
  ])('is recognised from Prisma (%s)', async (_name, work) => {
    const error = await failure(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.$queryRawUnsafe('SELECT * FROM counter');
          await database.pool.query("UPDATE counter SET value = 1; UPDATE project SET name = 'one'");
          await work(tx as never);
        },
        { isolationLevel: 'RepeatableRead' },
      ),
    );
    expect(kinds(error)).toEqual({ ...nothing, serialization: true });
  });
});

describe('a lost connection', () => {
  const onlyConnection = { ...nothing, connection: true };

  it('is recognised when nobody listens', async () => {
    const url = `postgresql://tasks:test@127.0.0.1:${await freePort()}/none`;
    expect(kinds(await failure(new pg.Pool({ connectionString: url }).query('SELECT 1')))).toEqual(onlyConnection);
    const away = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
    expect(kinds(await failure(away.project.findFirst()))).toEqual(onlyConnection);
    expect(kinds(await failure(away.$queryRaw`SELECT 1`))).toEqual(onlyConnection);
    expect(kinds(await failure(away.$transaction((tx) => tx.project.findFirst())))).toEqual(onlyConnection);
    await away.$disconnect();
  });

  it('is recognised when the server says nothing, or hangs up', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const silent: Server = createServer((socket) => void sockets.add(socket));
    const rude: Server = createServer((socket) => void socket.destroy());
    const [silentPort, rudePort] = [await freePort(), await freePort()];
    silent.listen(silentPort, '127.0.0.1');
    rude.listen(rudePort, '127.0.0.1');
    const query = (port: number) => {
      const config = {
        connectionString: `postgresql://tasks:test@127.0.0.1:${port}/none`,
        connectionTimeoutMillis: 200,
      };
      const client = new PrismaClient({ adapter: new PrismaPg(config) });
      return [() => new pg.Pool(config).query('SELECT 1'), () => client.project.findFirst()];
    };
    for (const work of [...query(silentPort), ...query(rudePort)]) {
      expect(kinds(await failure(work))).toEqual(onlyConnection);
    }
    for (const socket of sockets) socket.destroy();
    silent.close();
    rude.close();
  });

  it.each<[string, (sql: string) => Promise<unknown>]>([
    ['pg', (sql) => database.pool.query(sql)],
    ["Prisma's raw query", (sql) => prisma.$queryRawUnsafe(sql)],
    ["Prisma's transaction", (sql) => prisma.$transaction((tx) => tx.$queryRawUnsafe(sql))],
  ])('is recognised when an administrator ends the session (57P01), from %s', async (_name, work) => {
    const running = failure(work('SELECT pg_sleep(30) AS ended'));
    await waitFor(async () => {
      const { rows } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE query LIKE '%AS ended%' AND pid <> pg_backend_pid() AND datname = current_database()`,
      );
      return rows.length > 0;
    });
    expect(kinds(await running)).toEqual(onlyConnection);
  });

  it("is recognised from a model's query and the commit of a transaction", async () => {
    const end = () =>
      admin.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'prisma' AND datname = current_database()",
      );
    const inQuery = failure(
      prisma.$transaction(async (tx) => {
        await tx.project.count();
        await end();
        await tx.project.count();
      }),
    );
    expect(kinds(await inQuery)).toEqual(onlyConnection);
    const inCommit = failure(
      prisma.$transaction(async (tx) => {
        await tx.project.count();
        await end();
      }),
    );
    expect(kinds(await inCommit)).toEqual(onlyConnection);
  });

  it('is recognised when there is no connection to be had (53300, or a full pool)', async () => {
    await admin.query(`ALTER ROLE tasks CONNECTION LIMIT 0`);
    try {
      const pool = new pg.Pool({ connectionString: database.url });
      expect(kinds(await failure(pool.query('SELECT 1')))).toEqual(onlyConnection);
      const full = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) });
      expect(kinds(await failure(full.project.findFirst()))).toEqual(onlyConnection);
      await full.$disconnect();
    } finally {
      await admin.query(`ALTER ROLE tasks CONNECTION LIMIT -1`);
    }
    const pool = new pg.Pool({ connectionString: database.url, max: 1, connectionTimeoutMillis: 100 });
    const taken = await pool.connect();
    expect(kinds(await failure(pool.query('SELECT 1')))).toEqual(onlyConnection);
    const waiting = new PrismaClient({ adapter: new PrismaPg(pool) });
    expect(kinds(await failure(waiting.project.findFirst()))).toEqual(onlyConnection);
    // A transaction gives up on its own, before the pool does.
    const patient = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 1 }) });
    await patient.$transaction(async (tx) => {
      await tx.project.count();
      const late = patient.$transaction((other) => other.project.count(), { maxWait: 100 });
      expect(kinds(await failure(late))).toEqual(onlyConnection);
    });
    await patient.$disconnect();
    taken.release();
    await pool.end();
  });
});

it.each([undefined, null, 'text', 42, new Error('Connection is fine'), { code: 23505 }, { code: '08' }])(
  'takes %p for nothing of these',
  (error) => expect(kinds(error)).toEqual(nothing),
);

it('does not go in circles', () => {
  const error = new Error('one') as Error & { cause: unknown };
  error.cause = { cause: error, code: '23505' };
  expect(kinds(error)).toEqual({ ...nothing, unique: true });
});
