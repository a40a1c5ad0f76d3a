import { deleteAccount as deleteOwn } from '../../commands/deleteAccount.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const deleteAccount: MutationResolvers['deleteAccount'] = async (_root, { input }, context) => ({
  userId: await deleteOwn(context, input),
});
