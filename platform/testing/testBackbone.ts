import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { type Prisma, PrismaClient } from '#prisma/tasks/client/client.ts';
import { connectDatabase } from '../database/connectDatabase.ts';
import { prismaAdapter } from '../database/prismaAdapter.ts';
import { newId } from '../ids.ts';
import { connectNats } from '../nats/connectNats.ts';
import { createOutbox } from '../outbox/createOutbox.ts';
import type { EventContract, NewEvent } from '../outbox/event.ts';
import { createScope } from '../service/scope.ts';
import { startTestNats, type TestServer } from './startTestServer.ts';
import { testDatabase } from './testDatabase.ts';

/** The transaction that handlers of the backbone's own tests get. */
export type TestTransaction = Prisma.TransactionClient;

/** An event as a subgraph would declare it, for the backbone's own tests. */
export const ThingChanged: EventContract<{ thing: { name: string } }> = {
  publisher: 'tasks',
  aggregate: 'thing',
  name: 'changed',
  version: 1,
  type: 'tasks.thing.changed.v1',
  data: z.object({ thing: z.object({ name: z.string() }) }),
};

/** A fact to record: a thing with a name. */
export function thing(name: string, more: Partial<NewEvent<{ thing: { name: string } }>> = {}) {
  return { aggregateId: newId(), version: 1, actorId: null, data: { thing: { name } }, ...more };
}

/** A database, a NATS and an outbox over both, released when the test's scope closes. */
export async function testBackbone(options: { nats?: TestServer; sweep?: boolean; verifyMs?: number } = {}) {
  const scope = createScope();
  const database = await testDatabase('tasks');
  scope.defer('database', () => database.drop());
  const natsServer = options.nats ?? (await startTestNats());
  if (!options.nats) scope.defer('nats server', () => natsServer.remove());
  const log = pino({ level: 'silent' });
  const registry = new Registry();
  const pool = connectDatabase({ url: database.url, size: 10, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: natsServer.url, service: 'test', log, scope });
  const outbox = createOutbox<TestTransaction>({
    publisher: 'tasks',
    prisma,
    pool,
    nats,
    log,
    registry,
    scope,
    sweep: options.sweep ?? true,
    verifyMs: options.verifyMs,
  });
  const count = async (sql: string, ...values: unknown[]): Promise<number> =>
    Number((await database.pool.query(`select count(*) as n from ${sql}`, values)).rows[0].n);
  return { scope, database, natsServer, log, registry, pool, prisma, nats, outbox, count };
}
