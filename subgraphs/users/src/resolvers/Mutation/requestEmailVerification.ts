import { requestEmailVerification as command } from '../../commands/resetPassword.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const requestEmailVerification: MutationResolvers['requestEmailVerification'] = async (
  _root,
  _args,
  context,
) => ({ email: await command(context) });
