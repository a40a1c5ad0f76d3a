import { renameWorkspace as command } from '../../commands/editWorkspace.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const renameWorkspace: MutationResolvers['renameWorkspace'] = async (_root, { input }, context) => ({
  workspace: await command(context, input),
});
