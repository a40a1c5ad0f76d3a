import { parseArgs } from 'node:util';
import { connectDatabase } from '#platform/database/connectDatabase.ts';
import { prismaAdapter } from '#platform/database/prismaAdapter.ts';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { PrismaClient } from '#prisma/users/client/client.ts';
import { publishedKeys, signingKey } from '../domain/signingKey.ts';
import type { UsersEnv } from '../env.ts';
import { listSigningKeys } from '../store/signingKeys.ts';
import { rotateKeys } from './rotateKeys.ts';
import { developmentSigningKey } from './signingKeyPair.ts';

const usage = `keys                        lists the keys of access tokens
keys rotate                 makes a new one; those before it go on being good until their last token has expired
keys rotate --compromised   makes a new one; those before it, and all their tokens, are good for nothing from now on
`;

/**
 * The command about the keys of access tokens: `npm run keys`, or the service's own program with `keys` after it. Writes to
 * the database; running services take it up within five seconds.
 *
 * @returns the exit code
 */
export async function keysCommand(
  args: readonly string[],
  env: UsersEnv,
  { scope, log, say }: { scope: Scope; log: Logger; say: (text: string) => void },
): Promise<number> {
  const options = { compromised: { type: 'boolean', default: false } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [verb = 'list', ...rest] = positionals;
  if (!['list', 'rotate'].includes(verb) || rest.length > 0) {
    say(usage);
    return 1;
  }
  const pool = connectDatabase({ url: env.DATABASE_URL, size: 1, log, scope });
  const prisma = new PrismaClient({ adapter: prismaAdapter(pool) });
  scope.defer('prisma', () => prisma.$disconnect());
  const now = new Date();
  if (verb === 'rotate') {
    const master = env.ACCESS_TOKEN_KEY ?? developmentSigningKey();
    const { compromised } = values;
    const tokenSeconds = env.ACCESS_TOKEN_SECONDS;
    const made = await prisma.$transaction((tx) => rotateKeys(tx, { master, tokenSeconds, now }, { compromised }));
    say(
      `${made?.kid} signs from ${made?.signsFrom.toISOString()}; the others retire at ${made?.othersRetireAt.toISOString()}`,
    );
  }
  const keys = await listSigningKeys(prisma);
  const [signing, published] = [signingKey(keys, now), publishedKeys(keys, now)];
  for (const key of keys) {
    const state =
      key === signing ? 'signs' : published.includes(key) ? (key.signsFrom > now ? 'will sign' : 'is good') : 'retired';
    const until = key.retiresAt ? `, until ${key.retiresAt.toISOString()}` : '';
    say(`${key.kid}  ${state}, from ${key.signsFrom.toISOString()}${until}`);
  }
  return 0;
}
