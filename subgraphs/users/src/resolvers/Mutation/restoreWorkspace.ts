import { restoreWorkspace as command } from '../../commands/editWorkspace.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const restoreWorkspace: MutationResolvers['restoreWorkspace'] = async (_root, { input }, context) => ({
  workspace: await command(context, input),
});
