import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { PrismaClient } from '#prisma/users/client/client.ts';
import { normaliseEmail } from './domain/user.ts';
import type { UsersEnv } from './env.ts';
import { setRole } from './store/accounts.ts';

/**
 * The command that gives a global role: `role <e-mail> ADMIN` or `USER`. The first admin can come from nowhere else.
 *
 * @returns the exit code
 */
export async function roleCommand(
  [email, role, ...rest]: readonly string[],
  env: UsersEnv,
  { scope, log, say }: { scope: Scope; log: Logger; say: (text: string) => void },
): Promise<number> {
  if (!email || (role !== 'ADMIN' && role !== 'USER') || rest.length > 0) {
    say('role <e-mail> ADMIN|USER   gives somebody with an account a global role');
    return 1;
  }
  const pool = connectDatabase({ url: env.DATABASE_URL, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const found = await setRole(prisma, normaliseEmail(email), role);
  say(found ? `${email} is ${role} now` : `Nobody has the address ${email}`);
  return found ? 0 : 1;
}
