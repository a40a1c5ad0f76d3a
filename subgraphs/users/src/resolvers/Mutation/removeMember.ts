import { removeMember as command } from '../../commands/editMembers.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const removeMember: MutationResolvers['removeMember'] = async (_root, { input }, context) => {
  const { userId, workspace } = await command(context, input);
  return { userId, workspace: userId === context.viewer?.userId ? null : workspace };
};
