import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { PrismaClient } from '#prisma/tasks/client/client.ts';
import { type TestDatabase, testDatabase, testScope, waitFor } from '../testing/index.ts';
import { queriesOf } from '../testing/queriesOf.ts';
import { connectDatabase } from './connectDatabase.ts';
import { isConnectionError, isUniqueViolation } from './errors.ts';
import { type Frame, withFrame } from './framedTransaction.ts';
import { prismaAdapter } from './prismaAdapter.ts';

const scope = testScope();
let database: TestDatabase;
let pool: pg.Pool;
let prisma: PrismaClient;

beforeAll(async () => {
  database = await testDatabase('tasks');
  scope.defer('test database', () => database.drop());
  // One connection: what a transaction leaves behind is the next one's.
  pool = connectDatabase({ url: database.url, size: 1, log: { warn: () => {} }, scope });
  prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  await pool.query('create table note (id int primary key, text text)');
});
beforeEach(async () => void (await pool.query('truncate note')));

const insert = (id: number, text: string) => ({
  name: 'test-insert',
  text: 'insert into note values ($1, $2)',
  values: [String(id), text],
});
const notes = async () =>
  (await database.pool.query('select id, text from note order by id')).rows.map(({ id, text }) => `${id} ${text}`);
type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];
const framed = (opening: Frame['opening'], work: (tx: Tx, frame: Frame) => Promise<unknown>) => {
  let frame: Frame | undefined;
  const done = withFrame({ opening }, (one) => {
    frame = one;
    return prisma.$transaction((tx) => work(tx, one));
  });
  return { done, refused: () => frame?.refused };
};
const close = (frame: Frame) => {
  frame.closing = insert(2, 'closed');
};
/** How often the connection has waited for Postgres: the exchanges of messages. */
async function exchangesOf(work: () => Promise<unknown>): Promise<number> {
  const client = await pool.connect();
  let count = 0;
  const heard = () => void count++;
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('readyForQuery', heard);
  client.release();
  await work();
  connection.off('readyForQuery', heard);
  return count;
}

// The first time on a connection each statement is prepared, and is an exchange of its own.
describe.each(['the first', 'the second'])('%s time on a connection', (time) => {
  beforeEach(async () => {
    const client = await pool.connect();
    client.release(time === 'the first');
    if (time === 'the second') {
      await framed(insert(0, 'warm'), async (_tx, frame) => close(frame)).done;
      await pool.query('truncate note');
    }
  });

  it('a transaction begins with its opening and ends with its closing, and commits all of it', async () => {
    await framed(insert(1, 'opened'), async (tx, frame) => {
      await tx.$executeRaw`update note set text = text || ', seen' where id = 1`;
      close(frame);
    }).done;
    expect(await notes()).toEqual(['1 opened, seen', '2 closed']);
  });

  it('a transaction without a statement has its opening and its closing all the same', async () => {
    await framed(insert(1, 'opened'), async (_tx, frame) => close(frame)).done;
    expect(await notes()).toEqual(['1 opened', '2 closed']);
  });

  it('nothing of a transaction runs when its opening fails, whatever the work makes of it', async () => {
    await pool.query(`insert into note values (1, 'there')`);
    const swallow = framed(insert(1, 'again'), async (tx) => {
      await tx.$executeRaw`insert into note values (2, 'effect')`.catch(() => {});
      await tx.$executeRaw`insert into note values (3, 'effect')`.catch(() => {});
    });
    await expect(swallow.done).rejects.toThrow();
    const atOnce = framed(insert(1, 'again'), (tx) =>
      Promise.allSettled([4, 5].map((id) => tx.$executeRaw`insert into note values (${id}, 'effect')`)),
    );
    await expect(atOnce.done).rejects.toThrow();
    const idle = framed(insert(1, 'again'), async () => 'done');
    await expect(idle.done).rejects.toThrow();
    for (const { refused } of [swallow, atOnce, idle]) expect(isUniqueViolation(refused(), 'note_pkey')).toBe(true);
    expect(await notes()).toEqual(['1 there']);
    expect(await prisma.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('a failure of the work is no failure of the opening, and takes it back', async () => {
    const failing = framed(insert(1, 'opened'), (tx) => tx.$executeRaw`select 1 / 0`);
    await expect(failing.done).rejects.toThrow('division by zero');
    expect(failing.refused()).toBeUndefined();
    const thrown = framed(insert(1, 'opened'), async () => {
      throw new Error('no');
    });
    await expect(thrown.done).rejects.toThrow('no');
    expect(await notes()).toEqual([]);
  });

  it('nothing is committed when the closing fails, and the connection goes back in order', async () => {
    const failing = framed(undefined, async (tx, frame) => {
      await tx.$executeRaw`insert into note values (1, 'effect')`;
      frame.closing = insert(1, 'again');
    });
    await expect(failing.done).rejects.toThrow();
    expect(await notes()).toEqual([]);
    await prisma.$transaction((tx) => tx.$executeRaw`insert into note values (1, 'later')`);
    expect(await notes()).toEqual(['1 later']);
  });

  it('a statement that a frame has kept from running is prepared when it does run', async () => {
    await pool.query(`insert into note values (1, 'there')`);
    const work = (tx: Tx) => tx.$queryRaw`select text from note where id = ${2}`;
    await expect(framed(insert(1, 'again'), work).done).rejects.toThrow();
    expect(await framed(insert(2, 'opened'), work).done).toEqual([{ text: 'opened' }]);
  });
});

describe('a transaction', () => {
  it('needs no exchange for its beginning, its opening and its closing', async () => {
    const work = () =>
      framed(insert(1, 'opened'), async (tx, frame) => {
        await tx.$executeRaw`update note set text = 'seen'`;
        close(frame);
      }).done;
    await work();
    await pool.query('truncate note');
    expect(await exchangesOf(work)).toBe(2);
    expect(await exchangesOf(() => prisma.$transaction(async () => 'nothing'))).toBe(0);
    const { queries } = await queriesOf(() => prisma.$transaction((tx) => tx.$queryRaw`select 1`));
    expect(queries).toEqual(['BEGIN', 'select 1', 'COMMIT']);
  });

  it('is not committed when a statement has failed that the work has made light of', async () => {
    const light = prisma.$transaction(async (tx) => {
      await tx.$executeRaw`insert into note values (1, 'effect')`;
      await tx.$executeRaw`select 1 / 0`.catch(() => {});
    });
    await expect(light).rejects.toThrow('rolled back');
    expect(await notes()).toEqual([]);
  });

  it('leaves its frame to nobody: neither the next one nor one beside it takes it', async () => {
    const wide = connectDatabase({ url: database.url, size: 2, log: { warn: () => {} }, scope });
    const other = new PrismaClient({ adapter: prismaAdapter(wide) });
    scope.defer('other prisma', () => other.$disconnect());
    await withFrame({ opening: insert(1, 'opened') }, async () => {
      await other.$transaction(async (tx) => {
        await other.$transaction(async (beside) => void (await beside.$executeRaw`select 1`));
        await tx.$executeRaw`select 1`;
      });
      await other.$transaction(async (tx) => void (await tx.$executeRaw`insert into note values (2, 'next')`));
    });
    expect(await notes()).toEqual(['1 opened', '2 next']);
  });
});

it('a transaction whose connection is given up fails as one whose connection was lost', async () => {
  const locking = await database.pool.connect();
  await locking.query('begin');
  await locking.query('lock table note');
  let begun: Frame | undefined;
  const { done } = framed(insert(1, 'opened'), async (tx, frame) => {
    begun = frame;
    await tx.$executeRaw`insert into note values (3, 'waits')`;
  });
  const failed = done.catch((error: unknown) => error);
  await waitFor(async () => {
    const { rows } = await database.pool.query('select from pg_locks where not granted');
    return rows.length > 0;
  });
  begun?.abandon?.();
  expect(isConnectionError(await failed)).toBe(true);
  await locking.query('rollback');
  locking.release();
  // Whatever that transaction did, the pool goes on with another connection.
  await framed(insert(8, 'opened'), (tx) => tx.$executeRaw`insert into note values (9, 'next')`).done;
  expect(await notes()).toEqual(expect.arrayContaining(['8 opened', '9 next']));
});
