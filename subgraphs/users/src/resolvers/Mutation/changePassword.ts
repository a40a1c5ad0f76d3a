import { changePassword as command } from '../../commands/changePassword.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const changePassword: MutationResolvers['changePassword'] = async (_root, { input }, context) => ({
  user: await command(context, input),
});
