import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { listPersonalTokens, personalTokenCursor } from '../../store/personalTokens.ts';

export const personalTokens: QueryResolvers['personalTokens'] = async (_root, args, { deps, viewer }) => {
  const { userId } = requireViewer(viewer);
  const page = parsePage(args, personalTokenCursor.ordering, personalTokenCursor.schema);
  const tokens = await listPersonalTokens(deps.prisma, userId, page, deps.now());
  return toConnection(tokens, page, personalTokenCursor.keys);
};
