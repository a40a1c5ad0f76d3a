import { writeCursor } from '#platform/pages.ts';
import { followNotifications } from '../../commands/followNotifications.ts';
import type { Notification } from '../../domain/notification.ts';
import type { SubscriptionResolvers } from '../../generated/resolvers.ts';
import { feedCursor } from '../../store/notifications.ts';

export const notificationReceived: SubscriptionResolvers['notificationReceived'] = {
  subscribe: (_root, { after }, context) => followNotifications(context, after),
  resolve: (notification: Notification) => ({
    cursor: writeCursor(feedCursor.ordering, feedCursor.keys(notification)),
    notification,
  }),
};
