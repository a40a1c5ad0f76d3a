import { unlinkIdentity as command } from '../../commands/identities.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const unlinkIdentity: MutationResolvers['unlinkIdentity'] = async (_root, { input }, context) => ({
  identityId: await command(context, input),
});
