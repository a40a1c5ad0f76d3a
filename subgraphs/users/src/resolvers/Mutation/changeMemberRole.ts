import { changeMemberRole as command } from '../../commands/editMembers.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const changeMemberRole: MutationResolvers['changeMemberRole'] = async (_root, { input }, context) => {
  const { membership, workspace } = await command(context, input);
  return { member: membership, workspace };
};
