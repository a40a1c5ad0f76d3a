import { refuse } from '#platform/errors.ts';
import type { Deps } from '../deps.ts';
import {
  decideRefresh,
  hashRefreshToken,
  isRefreshToken,
  newRefreshToken,
  openSuccessor,
  sealSuccessor,
} from '../domain/refreshToken.ts';
import { type Client, isLive, refreshed, type Session } from '../domain/session.ts';
import { insertRefreshToken, lockByRefreshToken, spendRefreshToken } from '../store/sessions.ts';
import { sendLetter } from './accountLinks.ts';
import { endSessionsIn } from './endSessions.ts';

/** The next tokens of a session. */
export type Refreshed = { session: Session; accessToken: string; expiresAt: Date; refreshToken: string };

type Outcome = { session: Session; refreshToken: string } | { refused: 'UNKNOWN' | 'REVOKED' | 'EXPIRED' | 'REUSED' };

/**
 * Uses up a refresh token and gives the next one, with an access token. The same token again within 10 s gives the same
 * successor: the answer may have been lost. Later, somebody has stolen it, or it was stolen before and this is its owner: the
 * session ends.
 * Refusals: UNAUTHENTICATED with `reason`.
 */
export async function refreshSession(deps: Deps, client: Client, presented: string): Promise<Refreshed> {
  const now = deps.now();
  const outcome = isRefreshToken(presented) ? await use(deps, client, presented, now) : { refused: 'UNKNOWN' as const };
  // Outside the transaction: what it has ended stays ended.
  if ('refused' in outcome) refuse('UNAUTHENTICATED', 'Sign in again', { reason: outcome.refused });
  const { id: sessionId, userId } = outcome.session;
  return { ...outcome, ...deps.tokens.issue({ userId, sessionId }, now) };
}

function use({ outbox }: Deps, client: Client, presented: string, now: Date): Promise<Outcome> {
  const hash = hashRefreshToken(presented);
  return outbox.commit(async (tx, record): Promise<Outcome> => {
    const found = await lockByRefreshToken(tx, hash);
    if (!found) return { refused: 'UNKNOWN' };
    const { session, token } = found;
    if (!isLive(session, now)) return { refused: session.endedAt ? 'REVOKED' : 'EXPIRED' };
    switch (decideRefresh(token, now)) {
      case 'repeat':
        return { session, refreshToken: openSuccessor(presented, token.successor as Uint8Array) };
      case 'reused': {
        const { userId, id: sessionId } = session;
        await endSessionsIn(tx, record, { userId, sessionId, reason: 'REUSED', actorId: null }, now);
        sendLetter(record, { kind: 'SESSION_REUSED', subjectId: sessionId, actorId: null });
        return { refused: 'REUSED' };
      }
      case 'rotate': {
        const refreshToken = newRefreshToken();
        const seen = refreshed(session, client, now);
        await insertRefreshToken(tx, session.id, hashRefreshToken(refreshToken), now);
        await spendRefreshToken(tx, { hash, successor: sealSuccessor(presented, refreshToken), session: seen, now });
        return { session: seen, refreshToken };
      }
    }
  });
}
