import { requestPasswordReset as command } from '../../commands/resetPassword.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const requestPasswordReset: MutationResolvers['requestPasswordReset'] = async (_root, { input }, context) => ({
  email: await command(context, input),
});
