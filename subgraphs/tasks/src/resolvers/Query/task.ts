import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { visibleTask } from '../../access.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const task: QueryResolvers['task'] = async (_root, args, context) => {
  requireViewer(context.viewer);
  return (await visibleTask(context, parseId(args.id))) ?? refuse('NOT_FOUND', 'There is no such task');
};
