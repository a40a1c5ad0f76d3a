import { activityCursor, followActivity } from '../../commands/followActivity.ts';
import type { Activity } from '../../domain/activity.ts';
import type { SubscriptionResolvers } from '../../generated/resolvers.ts';

export const taskChanged: SubscriptionResolvers['taskChanged'] = {
  subscribe: (_root, { projectId, after }, context) =>
    followActivity(context, 'PROJECT', { id: projectId, argument: 'projectId', after }),
  resolve: (activity: Activity) => ({
    cursor: activityCursor(activity),
    kind: activity.kind === 'TASK_CREATED' ? ('CREATED' as const) : ('UPDATED' as const),
    changedFields: activity.changedFields,
    task: { id: activity.taskId },
    actor: activity.actorId ? { id: activity.actorId } : null,
    occurredAt: activity.occurredAt,
  }),
};
