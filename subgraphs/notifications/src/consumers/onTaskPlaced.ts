import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { tasks } from '../store/places.ts';

/** Keeps the projection of tasks. */
export const onTaskPlaced = stateConsumer({
  name: 'notifications-on-task-placed',
  events: [TaskCreated, TaskUpdated],
  projection: tasks,
  row: ({ data: { task } }) => ({ id: task.id, workspaceId: task.workspaceId }),
});
