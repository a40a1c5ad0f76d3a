import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { tasks } from '../store/tasks.ts';

/** Keeps the projection of tasks. */
export const onTaskChanged = stateConsumer({
  name: 'comments-on-task-changed',
  events: [TaskCreated, TaskUpdated],
  projection: tasks,
  row: ({ data }) => data.task,
});
