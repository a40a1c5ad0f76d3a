import { leaveWorkspace as command } from '../../commands/editMembers.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const leaveWorkspace: MutationResolvers['leaveWorkspace'] = async (_root, { input }, context) =>
  command(context, input);
