import { addMember as command } from '../../commands/addMember.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const addMember: MutationResolvers['addMember'] = async (_root, { input }, context) => {
  const { membership, workspace } = await command(context, input);
  return { member: membership, workspace };
};
