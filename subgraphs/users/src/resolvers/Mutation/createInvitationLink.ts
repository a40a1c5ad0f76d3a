import { createInvitationLink as command } from '../../commands/invite.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createInvitationLink: MutationResolvers['createInvitationLink'] = async (_root, { input }, context) =>
  command(context, input);
