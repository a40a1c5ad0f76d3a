import { z } from 'zod';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createReadThrough } from '#platform/projection/createReadThrough.ts';
import type { Workspace } from './domain/workspace.ts';
import type { Database } from './store/database.ts';
import { findWorkspaces, workspaces } from './store/workspaces.ts';

const answerSchema = z.object({
  workspaces: z.array(z.object({ id: z.uuid(), archived: z.boolean(), version: z.int() })),
});

/** The projection of users' workspaces, which asks users for what it lacks. */
export type Workspaces = {
  /** In the order of the ids; null where there is none. Throws SERVICE_UNAVAILABLE when users had to be asked and couldn't be. */
  load(db: Database, ids: readonly string[]): Promise<(Workspace | null)[]>;
};

/**
 * Workspaces out of the projection while `fresh()`; users is asked for one that has not arrived yet, and each time while
 * events don't come through: one that was archived meanwhile must not be written to.
 */
export function createWorkspaces(users: GuardedClient, fresh: () => boolean): Workspaces {
  const readThrough = createReadThrough<Database, string, Workspace>({
    keyOf: (id) => id,
    find: findWorkspaces,
    ask: async (id) => (await users.call('/internal/workspaces', { ids: [id] }, answerSchema)).workspaces[0] ?? null,
    keep: workspaces.keep,
  });
  return {
    load(db, ids) {
      const relied = fresh();
      return readThrough.load(db, ids, () => relied);
    },
  };
}
