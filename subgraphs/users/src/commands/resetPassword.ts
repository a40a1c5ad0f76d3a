import { z } from 'zod';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseInput } from '#platform/input.ts';
import type { Context } from '../context.ts';
import { emailSchema, newPasswordSchema } from '../domain/user.ts';
import type { RequestPasswordResetInput, ResetPasswordInput, VerifyEmailInput } from '../generated/resolvers.ts';
import { spendAccountLink } from '../store/accountLinks.ts';
import { lockUser } from '../store/accounts.ts';
import { revokePersonalTokens } from '../store/personalTokens.ts';
import { findUserByEmail, resetPassword as resetInStore, verifyAddress } from '../store/users.ts';
import { openAccountLink, refuseLink, sendAccountLink } from './accountLinks.ts';
import { requireUncommon } from './changePassword.ts';
import { endSessionsIn } from './endSessions.ts';
import { tellRevoked } from './personalTokens.ts';

const tokenSchema = z.string().max(200, 'Is not a token');
const requestSchema = z.strictObject({ email: emailSchema });
const resetSchema = z.strictObject({ token: tokenSchema, password: newPasswordSchema });
const verifySchema = z.strictObject({ token: tokenSchema });

/**
 * Has a link sent that sets another password. Nobody looks up here whether the address is anybody's, so the answer, the work
 * and the time are the same.
 * Refusals: BAD_USER_INPUT, TOO_BUSY.
 */
export async function requestPasswordReset(context: Context, rawInput: RequestPasswordResetInput): Promise<string> {
  const { deps, client } = context;
  const { email } = parseInput(requestSchema, rawInput);
  await deps.mails.begin(email, client.address);
  const link = { kind: 'PASSWORD_RESET', email, actorId: null, now: deps.now() } as const;
  await deps.outbox.commit((tx, record) => sendAccountLink(tx, record, link));
  return email;
}

/**
 * Sets another password by a link, which is used up, and ends all sessions. Whoever has the link reads the address's mail: it
 * is verified with that; was it not before, the personal tokens end, too. Also sets the first password of somebody who signs in
 * with a provider. Returns the address.
 * Refusals: BAD_USER_INPUT, LINK_INVALID, TOO_BUSY.
 */
export async function resetPassword({ deps }: Context, rawInput: ResetPasswordInput): Promise<string> {
  const { token, password } = parseInput(resetSchema, rawInput);
  const link = await openAccountLink(deps, 'PASSWORD_RESET', token);
  const user = (await findUserByEmail(deps.prisma, link.email)) ?? refuseLink();
  requireUncommon(password, user, ['input', 'password']);
  const passwordHash = await deps.passwords.hash(password);
  const now = deps.now();
  await deps.outbox.commit(async (tx, record) => {
    // The account before its links, as whoever deletes one locks them.
    const { id, emailVerifiedAt } = (await lockUser(tx, user.id)) ?? refuseLink();
    if (!(await spendAccountLink(tx, link, now))) refuseLink();
    await resetInStore(tx, { id, passwordHash, emailVerifiedAt: emailVerifiedAt ?? now });
    await endSessionsIn(tx, record, { userId: id, reason: 'PASSWORD_CHANGED', actorId: id }, now);
    // Whoever made an account with an address that was never shown to be theirs keeps nothing of it.
    if (!emailVerifiedAt)
      tellRevoked(record, await revokePersonalTokens(tx, { userId: id, now }), 'PASSWORD_CHANGED', id);
  });
  return user.email;
}

/** Has the link sent again that verifies the viewer's address, and returns that. Refusals: TOO_BUSY. */
export async function requestEmailVerification({ deps, viewer, client, loaders }: Context): Promise<string> {
  const { userId } = requireViewer(viewer);
  const user = (await loaders.user.load(userId)) ?? refuse('UNAUTHENTICATED', 'This account is gone');
  await deps.mails.begin(user.email, client.address);
  const link = { kind: 'EMAIL_VERIFICATION', email: user.email, actorId: userId, now: deps.now() } as const;
  await deps.outbox.commit((tx, record) => sendAccountLink(tx, record, link));
  return user.email;
}

/** Verifies the address that a link was sent to, and returns it. Refusals: LINK_INVALID. */
export async function verifyEmail({ deps }: Context, rawInput: VerifyEmailInput): Promise<string> {
  const { token } = parseInput(verifySchema, rawInput);
  const link = await openAccountLink(deps, 'EMAIL_VERIFICATION', token);
  const now = deps.now();
  await deps.prisma.$transaction(async (tx) => {
    if (!(await spendAccountLink(tx, link, now)) || !(await verifyAddress(tx, link.email, now))) refuseLink();
  });
  return link.email;
}
