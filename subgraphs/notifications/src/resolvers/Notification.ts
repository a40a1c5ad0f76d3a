import { idSchema } from '#platform/ids.ts';
import type { NotificationResolvers } from '../generated/resolvers.ts';

export const Notification: NotificationResolvers = {
  // The gateway passes on what clients say: what is not a UUID, or not the viewer's, is not there.
  __resolveReference: (reference, { loaders }) => {
    const id = idSchema.safeParse(reference.id).data;
    return id ? loaders.notification.load(id) : null;
  },
  task: ({ taskId }) => (taskId ? { id: taskId } : null),
  actor: ({ actorId }) => (actorId ? { id: actorId } : null),
};
