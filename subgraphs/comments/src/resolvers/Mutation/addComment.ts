import { addComment as command } from '../../commands/addComment.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const addComment: MutationResolvers['addComment'] = async (_root, { input }, context) => ({
  comment: await command(context, input),
});
