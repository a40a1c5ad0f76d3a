import type { Resolvers } from '../generated/resolvers.ts';
import { markNotificationRead } from './Mutation/markNotificationRead.ts';
import { Notification } from './Notification.ts';
import { notifications } from './Query/notifications.ts';
import { unreadNotificationCount } from './Query/unreadNotificationCount.ts';
import { commentAdded } from './Subscription/commentAdded.ts';
import { notificationReceived } from './Subscription/notificationReceived.ts';
import { taskChanged } from './Subscription/taskChanged.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Partial<Resolvers> = {
  Query: { notifications, unreadNotificationCount },
  Mutation: { markNotificationRead },
  Subscription: { notificationReceived, taskChanged, commentAdded },
  Notification,
};
