import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import type { NamedStatement } from '#platform/database/prefixedQuery.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { newId } from '#platform/ids.ts';
import { connectNats } from '#platform/nats/connectNats.ts';
import type { DomainEvent, EventContract, NewEvent } from '#platform/outbox/event.ts';
import type { TransactionRunner } from '#platform/outbox/transaction.ts';
import type { Scope } from '#platform/service/scope.ts';
import { type Prisma, PrismaClient } from '#prisma/tasks/client/client.ts';

/** The transaction that commits and handlers get. */
export type Transaction = Prisma.TransactionClient;

/** What an event of the benches carries: about as much as a task's. */
type Data = { key: string; title: string };

/** The event of the benches, published to a stream. */
export const thingChanged = (stream: string): EventContract<Data> => ({
  publisher: stream,
  aggregate: 'thing',
  name: 'changed',
  version: 1,
  type: `${stream}.thing.changed.v1`,
  data: z.object({ key: z.string(), title: z.string() }),
});

/** The effect of the benches' consumers: a row an event. */
export const writingEffects = (events: readonly { event: DomainEvent<Data> }[]): NamedStatement => ({
  name: 'write-effects',
  text: `insert into effect (event_id, title)
    select * from jsonb_to_recordset($1::jsonb) as told (id uuid, title text) returning event_id as "eventId"`,
  values: [JSON.stringify(events.map(({ event: { id, data } }) => ({ id, title: data.title })))],
});

/** A fact to record; `key` is how the bench knows it again. */
export const fact = (key: string): NewEvent<Data> => ({
  aggregateId: newId(),
  version: 1,
  actorId: null,
  data: { key, title: 'A title of the length that titles of tasks have, give or take a word' },
});

/**
 * A Prisma client that tells when a transaction has committed, before anything follows the commit: `onCommit` is given what
 * the transaction resolved with.
 */
export function watchCommits(
  prisma: TransactionRunner<Transaction>,
  onCommit: (result: unknown) => void,
): TransactionRunner<Transaction> {
  return {
    async $transaction(work, options) {
      const result = await prisma.$transaction(work, options);
      onCommit(result);
      return result;
    },
  };
}

/** Connects as a subgraph does: a pool, Prisma on it, NATS. Errors go to stderr. */
export function connectBackbone(options: { databaseUrl: string; natsUrl: string; service: string; scope: Scope }) {
  const { databaseUrl, natsUrl, service, scope } = options;
  const log = pino({ level: 'error' }, pino.destination(2));
  const pool = connectDatabase({ url: databaseUrl, size: 10, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: natsUrl, service, log, scope });
  return { log, pool, prisma, nats, registry: new Registry(), scope };
}
