import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/tasks/client/client.ts';
import type { Changes } from '../domain/editTask.ts';
import type { Task, TaskDraft } from '../domain/task.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`
  id, workspace_id as "workspaceId", project_id as "projectId", number, title, status::text, creator_id as "creatorId",
  assignee_id as "assigneeId", version, created_at as "createdAt", updated_at as "updatedAt"`;

/** The tasks with these ids, in no order. */
export function findTasks(db: Database, ids: readonly string[]): Promise<Task[]> {
  return db.$queryRaw<Task[]>`select ${columns} from task where id = any(${ids}::uuid[])`;
}

/** The tasks that somebody made or has to do: a page after an id, in the order of the ids. */
export function listTasksOf(
  db: Database,
  userId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Task[]> {
  return db.task.findMany({
    where: { OR: [{ creatorId: userId }, { assigneeId: userId }], ...(after && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit,
  });
}

/**
 * Gives the draft the project's next number and writes it, in one statement. The project's row stays locked until the
 * transaction ends: numbers have no gaps because a transaction that fails takes its number back.
 */
export async function insertTask(tx: Database, draft: TaskDraft): Promise<Task> {
  const [row] = await tx.$queryRaw<{ number: number }[]>`
    with numbered as (
      update project set last_task_number = last_task_number + 1
      where id = ${draft.projectId}::uuid
      returning last_task_number as number
    )
    insert into task (
      id, workspace_id, project_id, number, title, status, creator_id, assignee_id, version, created_at, updated_at
    )
    select
      ${draft.id}::uuid, ${draft.workspaceId}::uuid, ${draft.projectId}::uuid, number, ${draft.title},
      ${draft.status}::task_status, ${draft.creatorId}::uuid, ${draft.assigneeId}::uuid, ${draft.version},
      ${draft.createdAt}, ${draft.updatedAt}
    from numbered
    returning number`;
  if (!row) throw new Error(`Project ${draft.projectId} is gone`);
  return { ...draft, number: row.number };
}

/** The task, locked until the transaction ends; null when there is none. */
export async function lockTask(tx: Database, id: string): Promise<Task | null> {
  const [task] = await tx.$queryRaw<Task[]>`select ${columns} from task where id = ${id}::uuid for update`;
  return task ?? null;
}

/** Writes what an edit can change of a locked task. */
export async function saveTask(tx: Database, task: Task): Promise<void> {
  const { id, title, status, version, updatedAt } = task;
  await tx.$executeRaw`
    update task set title = ${title}, status = ${status}::task_status, version = ${version}, updated_at = ${updatedAt}
    where id = ${id}::uuid`;
}

/**
 * What each version after the given one changed, the oldest first. Null when the history does not have that version: it was
 * lost when the database was restored from a backup.
 */
export async function changesSince(tx: Database, id: string, version: number): Promise<Changes[] | null> {
  const rows = await tx.$queryRaw<{ version: number; changes: Changes }[]>`
    select version, changes from backbone.event
    where aggregate_id = ${id}::uuid and version >= ${version} order by version`;
  const [seen, ...later] = rows;
  return seen?.version === version ? later.map((row) => row.changes) : null;
}

/** The keys of a cursor in a list of a project's tasks, the newest first. */
export const taskCursor = {
  ordering: 'tasks -number',
  schema: z.tuple([z.string().regex(/^\d{1,9}$/)]),
  keys: (task: Task) => [String(task.number)],
};

/** The tasks of each project, the newest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listTasks(db: Database, projectIds: readonly string[], { limit, after }: Page): Promise<Task[]> {
  // Spelled out rather than "cursor is null or …": a generic plan could not use the index for that.
  const beyond = after ? Prisma.sql`and number < ${Number(after[0])}` : Prisma.empty;
  return db.$queryRaw<Task[]>`
    select task.* from unnest(${projectIds}::uuid[]) as wanted (project_id)
    cross join lateral (
      select ${columns} from task
      where task.project_id = wanted.project_id ${beyond}
      order by number desc
      limit ${limit + 1}
    ) as task
    order by number desc`;
}
