import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Context } from '../context.ts';
import { hashRefreshToken, newRefreshToken } from '../domain/refreshToken.ts';
import { newSession, type Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { holdAccount } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { insertSession } from '../store/sessions.ts';

/** Somebody who has just signed in, and the tokens to show for it. */
export type SignedIn = {
  user: User;
  session: Session;
  accessToken: string;
  /** When the access token expires. */
  expiresAt: Date;
  refreshToken: string;
};

/**
 * Begins a session of this person, in the running transaction.
 * Refusals: SUSPENDED, INVALID_CREDENTIALS (the account was deleted meanwhile, or has another password).
 *
 * @param verified the hash that a password was verified against; undefined for whoever has come in another way
 */
export async function beginSession(
  { deps, client }: Context,
  tx: Database,
  user: User,
  verified?: string | null,
): Promise<SignedIn> {
  const account = await holdAccount(tx, user.id);
  // Verifying takes a while, and this may have waited for whoever was setting another one: the old one opens nothing then.
  if (!account || (verified !== undefined && account.passwordHash !== verified))
    return refuse('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong');
  if (account.suspended) refuse('SUSPENDED', 'This account is suspended');
  const now = deps.now();
  const session = newSession({ id: newId(), userId: user.id, client, now });
  const refreshToken = newRefreshToken();
  await insertSession(tx, session, hashRefreshToken(refreshToken));
  return { user, session, refreshToken, ...deps.tokens.issue({ userId: user.id, sessionId: session.id }, now) };
}
