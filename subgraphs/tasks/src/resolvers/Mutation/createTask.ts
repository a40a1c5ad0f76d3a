import { createTask as command } from '../../commands/createTask.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const createTask: MutationResolvers['createTask'] = async (_root, { input }, context) => ({
  task: await command(context, input),
});
