import { revokeSession as command } from '../../commands/revokeSession.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const revokeSession: MutationResolvers['revokeSession'] = async (_root, { input }, context) => ({
  session: await command(context, input),
});
