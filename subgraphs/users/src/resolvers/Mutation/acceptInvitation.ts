import { acceptInvitation as command } from '../../commands/answerInvitation.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const acceptInvitation: MutationResolvers['acceptInvitation'] = async (_root, { input }, context) => {
  const { membership, workspace } = await command(context, input);
  return { member: membership, workspace };
};
