import { endOwnSessions } from '../../commands/endSessions.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const logoutEverywhere: MutationResolvers['logoutEverywhere'] = async (_root, _args, context) => {
  const ended = await endOwnSessions(context, { reason: 'LOGOUT' });
  return { sessionIds: ended.map(({ id }) => id) };
};
