import { resendInvitation as command } from '../../commands/invite.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const resendInvitation: MutationResolvers['resendInvitation'] = async (_root, { input }, context) =>
  command(context, input);
