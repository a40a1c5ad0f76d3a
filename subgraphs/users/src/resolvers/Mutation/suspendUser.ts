import { setSuspended } from '../../commands/suspendUser.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const suspendUser: MutationResolvers['suspendUser'] = async (_root, { input }, context) => ({
  account: await setSuspended(context, input, true),
});
