import { requireViewer } from '#platform/identity/viewer.ts';
import { endSessions } from '../../commands/endSessions.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const logout: MutationResolvers['logout'] = async (_root, _args, context) => {
  const { userId, sessionId } = requireViewer(context.viewer);
  await endSessions(context, { userId, sessionId, reason: 'LOGOUT', actorId: userId });
  return { sessionId };
};
