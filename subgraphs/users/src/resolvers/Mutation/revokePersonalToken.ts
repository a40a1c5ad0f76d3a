import { revokePersonalToken as command } from '../../commands/personalTokens.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const revokePersonalToken: MutationResolvers['revokePersonalToken'] = async (_root, { input }, context) => ({
  personalTokenId: await command(context, input),
});
