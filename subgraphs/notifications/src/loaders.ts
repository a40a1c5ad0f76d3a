import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import type { Deps } from './deps.ts';
import type { Notification } from './domain/notification.ts';
import { countUnread, findOwn } from './store/notifications.ts';

/** Every read that a selection can repeat, batched. Only what is the viewer's own. */
export type Loaders = {
  notification: DataLoader<string, Notification | null>;
  /** How many the viewer has not read; the key is the viewer's id. */
  unreadCount: DataLoader<string, number>;
};

/** The loaders of one call. */
export function createLoaders({ prisma, access }: Pick<Deps, 'prisma' | 'access'>, viewer: Viewer | null): Loaders {
  return {
    notification: new DataLoader(async (ids) => {
      if (!viewer) return ids.map(() => null);
      await access.refresh(viewer.userId);
      return inOrder(ids, await findOwn(prisma, viewer.userId, ids));
    }),
    unreadCount: new DataLoader((userIds) =>
      Promise.all(
        userIds.map(async (userId) => {
          await access.refresh(userId);
          return countUnread(prisma, userId);
        }),
      ),
    ),
  };
}
