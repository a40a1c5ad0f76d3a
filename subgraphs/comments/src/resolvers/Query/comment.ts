import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { visibleComment } from '../../access.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';

export const comment: QueryResolvers['comment'] = async (_root, args, context) => {
  requireViewer(context.viewer);
  return (await visibleComment(context, parseId(args.id))) ?? refuse('NOT_FOUND', 'There is no such comment');
};
