import { Prisma } from '#prisma/tasks/client/client.ts';
import type { Changes } from '../domain/editTask.ts';
import type { Task, TaskDraft } from '../domain/task.ts';
import type { Database } from './database.ts';
import { taskColumns as columns, datesOf, type TaskRow, toTask } from './taskRow.ts';

/** The tasks with these ids, in no order. */
export async function findTasks(db: Database, ids: readonly string[]): Promise<Task[]> {
  return (await db.$queryRaw<TaskRow[]>`select ${columns} from task where id = any(${ids}::uuid[])`).map(toTask);
}

/** The tasks that somebody made or has to do: a page after an id, in the order of the ids. */
export async function listTasksOf(
  db: Database,
  userId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Task[]> {
  const rows = await db.$queryRaw<TaskRow[]>`
    select ${columns} from task
    where (creator_id = ${userId}::uuid or assignee_id = ${userId}::uuid)
      ${after === null ? Prisma.empty : Prisma.sql`and id > ${after}::uuid`}
    order by id
    limit ${limit}`;
  return rows.map(toTask);
}

/**
 * Gives the draft the project's next number and writes it, in one statement. The project's row stays locked until the
 * transaction ends: numbers have no gaps because a transaction that fails takes its number back.
 */
export async function insertTask(tx: Database, draft: TaskDraft): Promise<Task> {
  const { start, due } = datesOf(draft);
  const [row] = await tx.$queryRaw<{ number: number }[]>`
    with numbered as (
      update project set last_task_number = last_task_number + 1
      where id = ${draft.projectId}::uuid
      returning last_task_number as number
    )
    insert into task (
      id, workspace_id, project_id, number, title, description, status, priority, creator_id, assignee_id,
      start_on, start_at, start_zone, due_on, due_at, due_zone, estimate, version, created_at, updated_at
    )
    select
      ${draft.id}::uuid, ${draft.workspaceId}::uuid, ${draft.projectId}::uuid, number, ${draft.title},
      ${draft.description}, ${draft.status}::task_status, ${draft.priority}::task_priority, ${draft.creatorId}::uuid,
      ${draft.assigneeId}::uuid, ${start.date}::date, ${start.at}::timestamptz, ${start.timeZone},
      ${due.date}::date, ${due.at}::timestamptz, ${due.timeZone}, ${draft.estimate}::int,
      ${draft.version}, ${draft.createdAt}, ${draft.updatedAt}
    from numbered
    returning number`;
  if (!row) throw new Error(`Project ${draft.projectId} is gone`);
  return { ...draft, number: row.number };
}

/** The task, locked until the transaction ends; null when there is none. */
export async function lockTask(tx: Database, id: string): Promise<Task | null> {
  const [row] = await tx.$queryRaw<TaskRow[]>`select ${columns} from task where id = ${id}::uuid for update`;
  return row ? toTask(row) : null;
}

/** Writes what an edit can change of a locked task. */
export async function saveTask(tx: Database, task: Task): Promise<void> {
  const { start, due } = datesOf(task);
  await tx.$executeRaw`
    update task set
      title = ${task.title}, description = ${task.description}, status = ${task.status}::task_status,
      priority = ${task.priority}::task_priority, assignee_id = ${task.assigneeId}::uuid, estimate = ${task.estimate}::int,
      start_on = ${start.date}::date, start_at = ${start.at}::timestamptz, start_zone = ${start.timeZone},
      due_on = ${due.date}::date, due_at = ${due.at}::timestamptz, due_zone = ${due.timeZone},
      version = ${task.version}, updated_at = ${task.updatedAt}
    where id = ${task.id}::uuid`;
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
