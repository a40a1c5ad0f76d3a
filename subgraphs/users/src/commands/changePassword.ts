import { z } from 'zod';
import { refuse, refuseInput } from '#platform/errors.ts';
import { parseInput } from '#platform/input.ts';
import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import { isCommonPassword } from '../domain/commonPasswords.ts';
import { newPasswordSchema, presentedPasswordSchema, type User } from '../domain/user.ts';
import type { ChangePasswordInput } from '../generated/resolvers.ts';
import { findCredentials, replacePassword } from '../store/users.ts';
import { endSessionsIn } from './endSessions.ts';
import { verifyPassword } from './verifyPassword.ts';

const inputSchema = z.strictObject({ currentPassword: presentedPasswordSchema, newPassword: newPasswordSchema });

/**
 * Sets another password for the viewer, who has to know the current one, and ends all other sessions. Whoever has none sets the
 * first by requestPasswordReset: what is asked for here is wrong whatever it is.
 * Refusals: BAD_USER_INPUT, INVALID_CREDENTIALS, TOO_BUSY.
 */
export async function changePassword(context: Context, rawInput: ChangePasswordInput): Promise<User> {
  const { deps } = context;
  const { userId, sessionId } = requireInteractive(context.viewer);
  const { currentPassword, newPassword } = parseInput(inputSchema, rawInput);
  const account = await findCredentials(deps.prisma, { id: userId });
  if (!account) return refuse('UNAUTHENTICATED', 'This account is gone');
  const { user } = account;
  requireUncommon(newPassword, user, ['input', 'newPassword']);
  if (!(await verifyPassword(context, { ...account, email: user.email }, currentPassword))) refuseWrong();
  const passwordHash = await deps.passwords.hash(newPassword);
  await deps.outbox.commit(async (tx, record) => {
    await lockInteractive(tx, context.viewer, deps.now());
    if (!(await replacePassword(tx, { id: userId, verified: account.passwordHash, passwordHash }))) refuseWrong();
    const ending = { userId, except: sessionId, reason: 'PASSWORD_CHANGED', actorId: userId } as const;
    await endSessionsIn(tx, record, ending, deps.now());
  });
  return user;
}

/** BAD_USER_INPUT for a password that is among the first to be tried. */
export function requireUncommon(password: string, { email, name }: Pick<User, 'email' | 'name'>, path: string[]): void {
  if (!isCommonPassword(password, [email, name])) return;
  refuseInput([{ path, message: 'Is one of the passwords that are tried first' }]);
}

function refuseWrong(): never {
  return refuse('INVALID_CREDENTIALS', 'The current password is wrong');
}
