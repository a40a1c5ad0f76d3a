import { activityCursor, followActivity } from '../../commands/followActivity.ts';
import type { Activity } from '../../domain/activity.ts';
import type { SubscriptionResolvers } from '../../generated/resolvers.ts';

export const commentAdded: SubscriptionResolvers['commentAdded'] = {
  subscribe: (_root, { taskId, after }, context) =>
    followActivity(context, 'TASK', { id: taskId, argument: 'taskId', after }),
  resolve: (activity: Activity) => ({
    cursor: activityCursor(activity),
    comment: activity.commentId ? { id: activity.commentId } : null,
    task: { id: activity.taskId },
    occurredAt: activity.occurredAt,
  }),
};
