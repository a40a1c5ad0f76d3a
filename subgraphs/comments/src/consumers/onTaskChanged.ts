import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import type { Database } from '../store/database.ts';
import { keepTask } from '../store/tasks.ts';

/** Keeps the projection of tasks. */
export const onTaskChanged = stateConsumer({
  name: 'comments-on-task-changed',
  events: [TaskCreated, TaskUpdated],
  apply: (tx: Database, { data: { task }, version }) => keepTask(tx, { ...task, version }),
});
