import { transferOwnership as command } from '../../commands/editMembers.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const transferOwnership: MutationResolvers['transferOwnership'] = async (_root, { input }, context) => {
  const { membership, workspace } = await command(context, input);
  return { member: membership, workspace };
};
