import { z } from 'zod';
import { refuse } from '#platform/errors.ts';
import { parseInput } from '#platform/input.ts';
import type { Context } from '../context.ts';
import { normaliseEmail, presentedPasswordSchema } from '../domain/user.ts';
import type { LoginInput } from '../generated/resolvers.ts';
import { findCredentials } from '../store/users.ts';
import { beginSession, type SignedIn } from './beginSession.ts';
import { verifyPassword } from './verifyPassword.ts';

const inputSchema = z.strictObject({
  // Any text: whether it could be an address at all must not change the answer. NUL is what Postgres can't compare.
  email: z
    .string()
    .max(254, 'Must have at most 254 characters')
    .transform((email) => normaliseEmail(email).replaceAll('\0', '')),
  password: presentedPasswordSchema,
});

/**
 * Begins a session. A wrong password and an unknown address take the same way: the same work, the same answer.
 * Refusals: BAD_USER_INPUT, INVALID_CREDENTIALS, TOO_BUSY.
 */
export async function login(context: Context, rawInput: LoginInput): Promise<SignedIn> {
  const { deps } = context;
  const { email, password } = parseInput(inputSchema, rawInput);
  deps.passwords.requireRoom();
  const account = await findCredentials(deps.prisma, { email });
  const verified = await verifyPassword(context, { email, passwordHash: account?.passwordHash ?? null }, password);
  if (!account || !verified) return refuse('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong');
  return deps.prisma.$transaction((tx) => beginSession(context, tx, account.user, account.passwordHash));
}
