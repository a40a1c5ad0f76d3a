import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { Context } from '../context.ts';
import { hashRefreshToken, newRefreshToken } from '../domain/refreshToken.ts';
import { newSession, type Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { isSuspended } from '../store/accounts.ts';
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

/** Begins a session of this person, in the running transaction. Refusals: SUSPENDED, INVALID_CREDENTIALS (deleted meanwhile). */
export async function beginSession({ deps, client }: Context, tx: Database, user: User): Promise<SignedIn> {
  const suspended = await isSuspended(tx, user.id);
  if (suspended === null) refuse('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong');
  if (suspended) refuse('SUSPENDED', 'This account is suspended');
  const now = deps.now();
  const session = newSession({ id: newId(), userId: user.id, client, now });
  const refreshToken = newRefreshToken();
  await insertSession(tx, session, hashRefreshToken(refreshToken));
  return { user, session, refreshToken, ...deps.tokens.issue({ userId: user.id, sessionId: session.id }, now) };
}
