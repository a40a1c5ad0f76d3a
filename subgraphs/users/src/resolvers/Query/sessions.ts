import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { listSessions, sessionCursor } from '../../store/sessions.ts';

export const sessions: QueryResolvers['sessions'] = async (_root, args, { deps, viewer }) => {
  const { userId } = requireViewer(viewer);
  const page = parsePage(args, sessionCursor.ordering, sessionCursor.schema);
  return toConnection(await listSessions(deps.prisma, userId, page, deps.now()), page, sessionCursor.keys);
};
