import { updateTask as command } from '../../commands/updateTask.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';

export const updateTask: MutationResolvers['updateTask'] = async (_root, { input }, context) => {
  const decision = await command(context, input);
  if (decision.outcome !== 'conflict') return { __typename: 'UpdateTaskPayload', task: decision.task };
  return {
    __typename: 'UpdateTaskConflict',
    task: decision.task,
    fields: decision.conflicts.map(({ field, base, theirs, yours }) => ({
      field,
      base: JSON.stringify(base),
      theirs: JSON.stringify(theirs),
      yours: JSON.stringify(yours),
    })),
  };
};
