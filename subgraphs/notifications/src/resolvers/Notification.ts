import { referenceId } from '#platform/graphql/referenceId.ts';
import type { NotificationResolvers } from '../generated/resolvers.ts';

export const Notification: NotificationResolvers = {
  // What is not the viewer's is not there.
  __resolveReference: (reference, { loaders }) => {
    const id = referenceId(reference);
    return id ? loaders.notification.load(id) : null;
  },
  task: ({ taskId }) => (taskId ? { id: taskId } : null),
  actor: ({ actorId }) => (actorId ? { id: actorId } : null),
};
