import { z } from 'zod';
import { refuse } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import type { Session } from '../domain/session.ts';
import type { RevokeSessionInput } from '../generated/resolvers.ts';
import { findSession } from '../store/sessions.ts';
import { endOwnSessions } from './endSessions.ts';

const inputSchema = z.strictObject({ id: idSchema });

/**
 * Ends one of the viewer's sessions. One that has ended already stays as it is.
 * Refusals: BAD_USER_INPUT, FORBIDDEN (a personal access token), UNAUTHENTICATED (the session that asks has ended), NOT_FOUND.
 */
export async function revokeSession(context: Context, rawInput: RevokeSessionInput): Promise<Session> {
  const { userId } = requireInteractive(context.viewer);
  const { id } = parseInput(inputSchema, rawInput);
  const [ended] = await endOwnSessions(context, { sessionId: id, reason: 'REVOKED' });
  const session = ended ?? (await findSession(context.deps.prisma, id));
  return session?.userId === userId ? session : refuse('NOT_FOUND', 'There is no such session');
}
