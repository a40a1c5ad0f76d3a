import { inviteMember as command } from '../../commands/invite.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const inviteMember: MutationResolvers['inviteMember'] = async (_root, { input }, context) =>
  command(context, input);
