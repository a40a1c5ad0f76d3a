import { archiveWorkspace as command } from '../../commands/editWorkspace.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const archiveWorkspace: MutationResolvers['archiveWorkspace'] = async (_root, { input }, context) => ({
  workspace: await command(context, input),
});
