import { WorkspaceChanged } from '#events/users.ts';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { forgetEarlier } from '#platform/consumer/forgetEarlier.ts';
import type { Deps } from '../deps.ts';
import type { Database } from '../store/database.ts';
import { onWorkspaceChanged } from './onWorkspaceChanged.ts';

/**
 * Forgets the dead letters about what a workspace was before. The last change of one that nobody is left in takes its name
 * away: from then on no dead letter has it.
 */
export const onWorkspaceSuperseded = factConsumer({
  name: 'tasks-on-workspace-superseded',
  events: [WorkspaceChanged],
  handle: (tx: Database, event, _deps: Deps) => forgetEarlier(tx, event, [onWorkspaceChanged.name]),
});
