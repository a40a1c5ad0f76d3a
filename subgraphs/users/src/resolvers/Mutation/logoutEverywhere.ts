import { requireViewer } from '#platform/identity/viewer.ts';
import { endSessions } from '../../commands/endSessions.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const logoutEverywhere: MutationResolvers['logoutEverywhere'] = async (_root, _args, context) => {
  const { userId } = requireViewer(context.viewer);
  const ended = await endSessions(context, { userId, reason: 'LOGOUT', actorId: userId });
  return { sessionIds: ended.map(({ id }) => id) };
};
