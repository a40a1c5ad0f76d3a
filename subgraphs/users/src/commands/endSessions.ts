import { SessionRevoked } from '#events/users.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import type { EndReason, Session } from '../domain/session.ts';
import type { Database } from '../store/database.ts';
import { endSessions as endInStore } from '../store/sessions.ts';

/** Which sessions end: one of a person's, all of them, or all but one; and who ended them, null for nobody in particular. */
export type EndSessions = {
  userId: string;
  sessionId?: string;
  except?: string;
  reason: EndReason;
  actorId: string | null;
};

/** Ends sessions and tells everybody who takes their tokens. Returns those that had not ended before. */
export function endSessions({ deps }: Pick<Context, 'deps'>, which: EndSessions): Promise<Session[]> {
  return deps.outbox.commit((tx, record) => endSessionsIn(tx, record, which, deps.now()));
}

/**
 * Ends sessions of the viewer, who has signed in with one that goes on: neither one that has ended nor a personal access token
 * ends others.
 * Refusals: FORBIDDEN, UNAUTHENTICATED (the session has ended).
 */
export function endOwnSessions({ deps, viewer }: Context, which: Pick<EndSessions, 'sessionId' | 'reason'>) {
  const { userId } = requireInteractive(viewer);
  const now = deps.now();
  return deps.outbox.commit(async (tx, record): Promise<Session[]> => {
    await lockInteractive(tx, viewer, now);
    return endSessionsIn(tx, record, { ...which, userId, actorId: userId }, now);
  });
}

/** endSessions in a transaction that runs already. */
export async function endSessionsIn(
  tx: Database,
  record: RecordEvent,
  { actorId, ...which }: EndSessions,
  now: Date,
): Promise<Session[]> {
  const ended = await endInStore(tx, { ...which, now });
  for (const { id, userId, device, version } of ended) {
    const data = { session: { id, userId, device }, reason: which.reason };
    record(SessionRevoked, { aggregateId: id, version, actorId, data });
  }
  return ended;
}
