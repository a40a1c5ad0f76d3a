import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { prepareTelling, sendOut } from '../commands/tell.ts';
import type { Deps } from '../deps.ts';
import { toldOfAssignment } from '../domain/recipients.ts';
import { assignmentTitle } from '../domain/title.ts';
import { writingNotifications } from '../store/notifications.ts';

/** Tells whoever a task was assigned to. */
export const onTaskAssigned = statementConsumer({
  name: 'notifications-on-task-assigned',
  events: [TaskCreated, TaskUpdated],
  prepare: (event, deps: Deps) => {
    const { task } = event.data;
    const news = {
      kind: 'TASK_ASSIGNED' as const,
      workspaceId: task.workspaceId,
      taskId: task.id,
      userIds: toldOfAssignment(event),
      title: (actor: string | null) => assignmentTitle({ actor, task }),
    };
    return prepareTelling(event, news, deps);
  },
  effect: (events) => writingNotifications(events.map(({ prepared }) => prepared)),
  afterCommit: sendOut,
});
