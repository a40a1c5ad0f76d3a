import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { announceActivity } from '../commands/announceActivity.ts';
import type { Deps } from '../deps.ts';
import { taskActivity } from '../domain/activity.ts';
import { insertActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';

/** Writes into a project's feed that one of its tasks was created or changed. */
export const onTaskActivity = factConsumer({
  name: 'notifications-on-task-activity',
  events: [TaskCreated, TaskUpdated],
  handle: (tx: Database, event, _deps: Deps) => insertActivity(tx, taskActivity(event)),
  afterCommit: (event, deps: Deps) => announceActivity(taskActivity(event), deps),
});
