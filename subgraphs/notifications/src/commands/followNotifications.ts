import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage } from '#platform/pages.ts';
import type { Context } from '../context.ts';
import type { Notification } from '../domain/notification.ts';
import { type Feed, followFeed } from '../feed/followFeed.ts';
import { notificationTopic } from '../feed/notificationTopic.ts';
import { feedCursor, findLastSequence, listAfter } from '../store/notifications.ts';

/**
 * Follows the viewer's notifications, which are kept for good. Those about a workspace that the viewer is no member of any more
 * are passed over. Refusals: UNAUTHENTICATED, BAD_USER_INPUT, SERVICE_UNAVAILABLE.
 */
export async function followNotifications(
  { deps, viewer }: Context,
  after: string | null | undefined,
): Promise<Feed<Notification>> {
  const { userId } = requireViewer(viewer);
  const page = parsePage({ after }, feedCursor.ordering, feedCursor.schema);
  const source = {
    topic: notificationTopic,
    key: userId,
    bounds: async () => ({ first: 1, last: await findLastSequence(deps.prisma, userId) }),
    list: (last: number, limit: number) => listAfter(deps.prisma, userId, last, limit),
    maySee: ({ workspaceId }: Notification) => deps.access.maySee(userId, workspaceId),
  };
  return followFeed(deps, source, page.after && Number(page.after[0]));
}
