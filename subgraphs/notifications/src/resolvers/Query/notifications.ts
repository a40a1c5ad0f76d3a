import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { feedCursor, listNewestFirst } from '../../store/notifications.ts';

export const notifications: QueryResolvers['notifications'] = async (_root, args, { deps, viewer }) => {
  const { userId } = requireViewer(viewer);
  const page = parsePage(args, feedCursor.ordering, feedCursor.schema);
  await deps.access.refresh(userId);
  const rows = await listNewestFirst(deps.prisma, userId, {
    before: page.after && Number(page.after[0]),
    read: args.filter?.read ?? null,
    limit: page.limit,
  });
  return toConnection(rows, page, feedCursor.keys);
};
