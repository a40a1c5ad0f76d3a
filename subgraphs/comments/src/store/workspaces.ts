import { inOrder } from '#platform/graphql/inOrder.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Database } from './database.ts';

/** What the projection holds, in the order of the ids; null where it has nothing. One query. */
export async function findWorkspaces(db: Database, ids: readonly string[]): Promise<(Workspace | null)[]> {
  return inOrder(
    ids,
    await db.$queryRaw<Workspace[]>`select id, archived, version from workspace where id = any(${ids}::uuid[])`,
  );
}

/** What users has told of workspaces. */
export const workspaces = defineProjection<Workspace>({
  table: 'workspace',
  columns: { id: 'id', archived: 'archived' },
  key: ['id'],
});
