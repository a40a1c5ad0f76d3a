import { z } from 'zod';
import { UserSuspensionChanged } from '#events/users.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { requireAdmin } from '../access.ts';
import type { Context } from '../context.ts';
import type { User } from '../domain/user.ts';
import { lockUser, updateUser } from '../store/accounts.ts';
import { revokePersonalTokens } from '../store/personalTokens.ts';
import { endSessionsIn } from './endSessions.ts';
import { tellRevoked } from './personalTokens.ts';

const inputSchema = z.strictObject({ userId: idSchema });

/**
 * Suspends an account, or restores it. A suspended person's sessions and personal tokens end; who signs in at that very
 * moment waits for the account's lock, and is refused.
 * Refusals: BAD_USER_INPUT (oneself), FORBIDDEN, NOT_FOUND.
 */
export async function setSuspended(context: Context, rawInput: { userId: string }, suspended: boolean): Promise<User> {
  const { deps } = context;
  const { userId: actorId } = await requireAdmin(context);
  const { userId } = parseInput(inputSchema, rawInput);
  if (userId === actorId) refuseInput([{ path: ['input', 'userId'], message: 'Is your own account' }]);
  const now = deps.now();
  return deps.outbox.commit(async (tx, record) => {
    const user = (await lockUser(tx, userId)) ?? refuse('NOT_FOUND', 'There is no such account');
    if ((user.suspendedAt !== null) === suspended) return user;
    const changed = await updateUser(tx, userId, { suspendedAt: suspended ? now : null });
    const data = { user: { id: userId }, suspended };
    record(UserSuspensionChanged, { aggregateId: userId, version: changed.version, actorId, data });
    if (suspended) {
      await endSessionsIn(tx, record, { userId, reason: 'SUSPENDED', actorId }, now);
      tellRevoked(record, await revokePersonalTokens(tx, { userId, now }), 'SUSPENDED', actorId);
    }
    return changed;
  });
}
