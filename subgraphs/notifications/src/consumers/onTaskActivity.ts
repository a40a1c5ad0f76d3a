import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { announceActivity } from '../commands/announceActivity.ts';
import type { Deps } from '../deps.ts';
import { type Activity, taskActivity } from '../domain/activity.ts';
import { writingActivities } from '../store/activities.ts';

/** Writes into a project's feed that one of its tasks was created or changed. */
export const onTaskActivity = statementConsumer({
  name: 'notifications-on-task-activity',
  events: [TaskCreated, TaskUpdated],
  gathers: true,
  effect: (events) => writingActivities(events.map(({ event }) => taskActivity(event))),
  afterCommit: (event, deps: Deps, written?: Activity[]) => announceActivity(taskActivity(event), deps, written?.[0]),
});
