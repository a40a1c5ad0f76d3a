import { resetPassword as command } from '../../commands/resetPassword.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const resetPassword: MutationResolvers['resetPassword'] = async (_root, { input }, context) => ({
  email: await command(context, input),
});
