import { requireViewer } from '#platform/identity/viewer.ts';
import { parsePage, writeCursor } from '#platform/pages.ts';
import type { Notification } from '../../domain/notification.ts';
import { followFeed } from '../../feed/followFeed.ts';
import type { SubscriptionResolvers } from '../../generated/resolvers.ts';
import { feedCursor } from '../../store/notifications.ts';

export const notificationReceived: SubscriptionResolvers['notificationReceived'] = {
  subscribe: (_root, args, { deps, viewer }) => {
    const { userId } = requireViewer(viewer);
    const { after } = parsePage({ after: args.after }, feedCursor.ordering, feedCursor.schema);
    return followFeed(deps, userId, after && Number(after[0]));
  },
  resolve: (notification: Notification) => ({
    cursor: writeCursor(feedCursor.ordering, feedCursor.keys(notification)),
    notification,
  }),
};
