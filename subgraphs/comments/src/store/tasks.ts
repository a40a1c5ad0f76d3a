import type { Task } from '../domain/task.ts';
import type { Database } from './database.ts';

/** The tasks in the order of the ids; null where the projection has none. One query. */
export async function findTasks(db: Database, ids: readonly string[]): Promise<(Task | null)[]> {
  const rows = await db.task.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Keeps the task unless the projection has the same version or a later one: events come in any order. */
export async function keepTask(db: Database, task: Task): Promise<void> {
  const { id, workspaceId, key, title, creatorId, assigneeId, version } = task;
  await db.$executeRaw`
    insert into task (id, workspace_id, key, title, creator_id, assignee_id, version)
    values (${id}::uuid, ${workspaceId}::uuid, ${key}, ${title}, ${creatorId}::uuid, ${assigneeId}::uuid, ${version})
    on conflict (id) do update set
      workspace_id = excluded.workspace_id, key = excluded.key, title = excluded.title, creator_id = excluded.creator_id,
      assignee_id = excluded.assignee_id, version = excluded.version
    where task.version < excluded.version`;
}
