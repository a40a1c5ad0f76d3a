import { revokeInvitation as command } from '../../commands/invite.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const revokeInvitation: MutationResolvers['revokeInvitation'] = async (_root, { input }, context) =>
  command(context, input);
