import { beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { PrismaClient } from '#prisma/tasks/client/client.ts';
import { type TestDatabase, testDatabase, testScope } from '../testing/index.ts';
import { connectDatabase } from './connectDatabase.ts';
import { withOpening } from './openingStatement.ts';
import { prismaAdapter } from './prismaAdapter.ts';

const scope = testScope();
let database: TestDatabase;
let pool: pg.Pool;
let prisma: PrismaClient;

beforeAll(async () => {
  database = await testDatabase('tasks');
  scope.defer('test database', () => database.drop());
  pool = connectDatabase({ url: database.url, size: 2, log: { warn: () => {} }, scope });
  prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  await pool.query('create table opened (id int primary key, by_handler boolean)');
});

const insert = (id: number) => `insert into opened values (${id}, false) on conflict do nothing`;
const ids = async () => (await database.pool.query('select id from opened order by id')).rows.map(({ id }) => id);

describe('a transaction with an opening', () => {
  it('begins with the statement, which commits with the rest', async () => {
    const rows = await withOpening(insert(1), (opened) =>
      prisma.$transaction(async (tx) => {
        await tx.$executeRaw`update opened set by_handler = true where id = 1`;
        return opened();
      }),
    );
    expect(rows).toBe(1);
    expect((await database.pool.query('select * from opened')).rows).toEqual([{ id: 1, by_handler: true }]);
  });

  it('tells when the statement has affected nothing', async () => {
    expect(await withOpening(insert(1), (opened) => prisma.$transaction(async () => opened()))).toBe(0);
  });

  it('takes the statement back with the rest', async () => {
    const failing = withOpening(insert(2), () =>
      prisma.$transaction(async () => {
        throw new Error('no');
      }),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await ids()).toEqual([1]);
  });

  it('fails as a whole when the statement does, and leaves the connection usable', async () => {
    const failing = withOpening('insert into opened values (null, false)', () =>
      prisma.$transaction(async () => 'ran'),
    );
    await expect(failing).rejects.toThrow();
    expect(await ids()).toEqual([1]);
    expect(await prisma.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('has it to itself: neither the next transaction nor one beside it takes it', async () => {
    await withOpening(insert(3), async (opened) => {
      await prisma.$transaction(async () => {
        expect(opened()).toBe(1);
        await prisma.$transaction(async (other) => void (await other.$executeRaw`select 1`));
      });
      await prisma.$transaction(async (tx) => void (await tx.$executeRaw`delete from opened where id = 3`));
    });
    expect(await ids()).toEqual([1]);
  });
});
