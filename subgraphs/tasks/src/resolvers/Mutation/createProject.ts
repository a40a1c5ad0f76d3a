import { createProject as command } from '../../commands/createProject.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createProject: MutationResolvers['createProject'] = async (_root, { input }, context) => ({
  project: await command(context, input),
});
