import { markNotificationRead as command } from '../../commands/markNotificationRead.ts';
import type { MutationResolvers } from '../../generated/resolvers.ts';
import { countUnread } from '../../store/notifications.ts';

export const markNotificationRead: MutationResolvers['markNotificationRead'] = async (_root, { input }, context) => {
  const notification = await command(context, input);
  const unreadNotificationCount = await countUnread(context.deps.prisma, notification.recipientId);
  return { notification, unreadNotificationCount };
};
