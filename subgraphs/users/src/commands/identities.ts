import { z } from 'zod';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import { canUnlink, verifiedEmail, type WaysIn } from '../domain/identity.ts';
import { isLive } from '../domain/session.ts';
import type { UnlinkIdentityInput } from '../generated/resolvers.ts';
import { lockUser } from '../store/accounts.ts';
import { deleteIdentity, findIdentity, findIdentityOf, findWaysIn, touchIdentity } from '../store/identities.ts';
import { findSession } from '../store/sessions.ts';
import { link, type Proved } from './enterByIdentity.ts';

/**
 * Links another identity to the account of a session that has asked for it and goes on. Only to one whose address is
 * verified: whoever registers with somebody else's address could come back by the identity after its owner has taken the account
 * over.
 * Refusals: UNAUTHENTICATED, SUSPENDED, EMAIL_UNVERIFIED, IDENTITY_TAKEN.
 */
export async function linkIdentity(
  { deps }: Pick<Context, 'deps'>,
  { userId, sessionId }: { userId: string; sessionId: string },
  proved: Proved,
): Promise<void> {
  const now = deps.now();
  const { issuer, subject } = proved.person;
  await deps.outbox
    .commit(async (tx, record) => {
      const user = await lockUser(tx, userId);
      const session = await findSession(tx, sessionId);
      if (!user || session?.userId !== userId || !isLive(session, now))
        return refuse('UNAUTHENTICATED', 'The session that has asked for this has ended');
      if (user.suspendedAt) return refuse('SUSPENDED', 'This account is suspended');
      if (!user.emailVerifiedAt) return refuse('EMAIL_UNVERIFIED', 'The address of this account is not verified');
      const identity = await findIdentityOf(tx, { issuer, subject });
      if (!identity) return link(tx, record, { ...proved, userId, now });
      if (identity.userId !== userId) return refuseTaken();
      return touchIdentity(tx, identity.id, verifiedEmail(proved.person), now);
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) return refuseTaken();
      throw error;
    });
}

/**
 * Unlinks one of the viewer's identities, unless nothing else is left to sign in with.
 * Refusals: BAD_USER_INPUT, FORBIDDEN (a personal access token), UNAUTHENTICATED (the session has ended), NOT_FOUND,
 * LAST_WAY_IN.
 */
export async function unlinkIdentity({ deps, viewer }: Context, rawInput: UnlinkIdentityInput): Promise<string> {
  const { userId } = requireInteractive(viewer);
  const { id } = parseInput(z.strictObject({ id: idSchema }), rawInput);
  await deps.prisma.$transaction(async (tx) => {
    // Of two that are unlinked at once, the second sees what the first has left.
    await lockInteractive(tx, viewer, deps.now());
    const identity = await findIdentity(tx, id);
    if (identity?.userId !== userId) return refuse('NOT_FOUND', 'There is no such identity');
    const [ways] = await findWaysIn(tx, [userId]);
    if (!canUnlink(ways as WaysIn, id, deps.providers.knows))
      return refuse('LAST_WAY_IN', 'Nothing else is left to sign in with');
    await deleteIdentity(tx, id);
  });
  return id;
}

function refuseTaken(): never {
  return refuse('IDENTITY_TAKEN', 'Another account has this identity');
}
