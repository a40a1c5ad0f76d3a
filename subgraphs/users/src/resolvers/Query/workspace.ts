import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { visibleWorkspace } from '../../access.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const workspace: QueryResolvers['workspace'] = async (_root, args, context) => {
  requireViewer(context.viewer);
  return (await visibleWorkspace(context, parseId(args.id))) ?? refuse('NOT_FOUND', 'There is no such workspace');
};
