import { ProjectCreated } from '#events/tasks.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { projects } from '../store/places.ts';

/** Keeps the projection of projects. */
export const onProjectCreated = stateConsumer({
  name: 'notifications-on-project-created',
  events: [ProjectCreated],
  projection: projects,
  row: ({ data: { project } }) => ({ id: project.id, workspaceId: project.workspaceId }),
});
