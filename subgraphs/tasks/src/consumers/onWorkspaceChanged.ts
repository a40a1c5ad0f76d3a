import { WorkspaceChanged, WorkspaceCreated } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { workspaces } from '../store/workspaces.ts';

/** Keeps the projection of workspaces: whether they are archived. */
export const onWorkspaceChanged = stateConsumer({
  name: 'tasks-on-workspace-changed',
  events: [WorkspaceCreated, WorkspaceChanged],
  projection: workspaces,
  row: ({ data: { workspace } }) => ({
    id: workspace.id,
    archived: 'archived' in workspace && workspace.archived === true,
  }),
});
