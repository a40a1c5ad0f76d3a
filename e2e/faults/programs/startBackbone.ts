import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { connectNats } from '#platform/nats/connectNats.ts';
import type { EventContract } from '#platform/outbox/event.ts';
import { createScope } from '#platform/service/scope.ts';
import { PrismaClient } from '#prisma/tasks/client/client.ts';

/** What every program is told. */
export type ProgramInput = { databaseUrl: string; natsUrl: string; stream: string; applicationName?: string };

/** The event that the programs exchange. */
export const thingChanged = (stream: string): EventContract<{ name: string }> => ({
  publisher: stream,
  aggregate: 'thing',
  name: 'changed',
  version: 1,
  type: `${stream}.thing.changed.v1`,
  data: z.object({ name: z.string() }),
});

/** Connects to the servers as a subgraph does. SIGTERM ends the program in good order. */
export function startBackbone(input: ProgramInput) {
  const { natsUrl, stream, applicationName = stream } = input;
  const scope = createScope();
  process.once('SIGTERM', () => void scope.close().finally(() => process.exit(0)));
  const log = pino({ level: 'info' });
  const url = new URL(input.databaseUrl);
  url.searchParams.set('application_name', applicationName);
  const pool = connectDatabase({ url: url.href, size: 12, log, scope });
  // One of the faults is a commit that takes longer than Prisma would give it.
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool), transactionOptions: { timeout: 30_000 } });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: natsUrl, service: applicationName, log, scope });
  return { scope, log, pool, prisma, nats, registry: new Registry() };
}

/** The argument of the program. */
export const readInput = <Input>(): Input => JSON.parse(process.argv[2] ?? '{}');
