import { updateProfile as command } from '../../commands/updateProfile.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const updateProfile: MutationResolvers['updateProfile'] = async (_root, { input }, context) => ({
  user: await command(context, input),
});
