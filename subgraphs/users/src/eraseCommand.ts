import { Registry } from 'prom-client';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import { Refusal } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import type { Logger } from '#platform/logger.ts';
import { connectNats } from '#platform/nats/connectNats.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import type { Scope } from '#platform/service/scope.ts';
import { PrismaClient } from '#prisma/users/client/client.ts';
import { eraseAccount } from './commands/deleteAccount.ts';
import type { UsersEnv } from './env.ts';

/**
 * The command that erases somebody as deleteAccount does: `erase <user id>`. For whoever has come back with a backup. What it
 * publishes may wait in the outbox for the service.
 *
 * @returns the exit code
 */
export async function eraseCommand(
  [id = '', ...rest]: readonly string[],
  env: UsersEnv,
  { scope, log, say }: { scope: Scope; log: Logger; say: (text: string) => void },
): Promise<number> {
  if (!idSchema.safeParse(id).success || rest.length > 0) {
    say('erase <user id>   deletes an account, and erases what there is of the person');
    return 1;
  }
  const pool = connectDatabase({ url: env.DATABASE_URL, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const nats = connectNats({ url: env.NATS_URL, service: 'users', log, scope });
  const registry = new Registry();
  const outbox = createOutbox({ publisher: 'users', prisma, pool, nats, log, registry, scope, sweep: false });
  try {
    await eraseAccount({ outbox, now: () => new Date() }, id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`Not erased: ${error.message} ${JSON.stringify(error.extensions)}`);
    return 1;
  }
  say(`${id} is erased`);
  return 0;
}
