import { setSuspended } from '../../commands/suspendUser.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const restoreUser: MutationResolvers['restoreUser'] = async (_root, { input }, context) => ({
  account: await setSuspended(context, input, false),
});
