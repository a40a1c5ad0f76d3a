import { verifyEmail as command } from '../../commands/resetPassword.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const verifyEmail: MutationResolvers['verifyEmail'] = async (_root, { input }, context) => ({
  email: await command(context, input),
});
