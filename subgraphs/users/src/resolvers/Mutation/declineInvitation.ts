import { declineInvitation as command } from '../../commands/answerInvitation.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const declineInvitation: MutationResolvers['declineInvitation'] = async (_root, { input }, context) =>
  command(context, input);
