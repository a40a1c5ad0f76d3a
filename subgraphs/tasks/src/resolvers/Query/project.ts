import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { visibleProject } from '../../access.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const project: QueryResolvers['project'] = async (_root, args, context) => {
  requireViewer(context.viewer);
  return (await visibleProject(context, parseId(args.id))) ?? refuse('NOT_FOUND', 'There is no such project');
};
