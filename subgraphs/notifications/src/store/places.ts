import { inOrder } from '#platform/graphql/inOrder.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Place } from '../domain/place.ts';
import type { Database } from './database.ts';

const columns = { id: 'id', workspaceId: 'workspace_id' } as const;

/** What tasks has told of its projects. */
export const projects = defineProjection<Place>({ table: 'project', columns, key: ['id'] });

/** What tasks has told of its tasks. */
export const tasks = defineProjection<Place>({ table: 'task', columns, key: ['id'] });

/** The projects in the order of the ids; null where the projection has none. One query. */
export async function findProjects(db: Database, ids: readonly string[]): Promise<(Place | null)[]> {
  return inOrder(ids, await db.project.findMany({ where: { id: { in: [...ids] } } }));
}

/** The tasks in the order of the ids; null where the projection has none. One query. */
export async function findTasks(db: Database, ids: readonly string[]): Promise<(Place | null)[]> {
  return inOrder(ids, await db.task.findMany({ where: { id: { in: [...ids] } } }));
}
