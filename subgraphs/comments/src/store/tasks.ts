import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Task } from '../domain/task.ts';
import type { Database } from './database.ts';

/** The tasks in the order of the ids; null where the projection has none. One query. */
export async function findTasks(db: Database, ids: readonly string[]): Promise<(Task | null)[]> {
  const rows = await db.task.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** What tasks has told of its tasks. */
export const tasks = defineProjection<Task>({
  table: 'task',
  columns: {
    id: 'id',
    workspaceId: 'workspace_id',
    key: 'key',
    title: 'title',
    creatorId: 'creator_id',
    assigneeId: 'assignee_id',
  },
  key: ['id'],
});
