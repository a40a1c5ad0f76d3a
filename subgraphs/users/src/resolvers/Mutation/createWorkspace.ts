import { createWorkspace as command } from '../../commands/createWorkspace.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createWorkspace: MutationResolvers['createWorkspace'] = async (_root, { input }, context) => ({
  workspace: await command(context, input),
});
