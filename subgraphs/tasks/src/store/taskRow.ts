import { Prisma } from '#prisma/tasks/client/client.ts';
import type { Task } from '../domain/task.ts';
import type { TaskDate } from '../domain/taskDate.ts';

/** A task as the columns below have it. */
export type TaskRow = Omit<Task, 'start' | 'due'> & {
  startOn: string | null;
  startAt: Date | null;
  startZone: string | null;
  dueOn: string | null;
  dueAt: Date | null;
  dueZone: string | null;
};

/** The columns of `task`, by the names of {@link TaskRow}. */
export const taskColumns = Prisma.sql`
  id, workspace_id as "workspaceId", project_id as "projectId", number, title, description, status::text, priority::text,
  creator_id as "creatorId", assignee_id as "assigneeId", start_on::text as "startOn", start_at as "startAt",
  start_zone as "startZone", due_on::text as "dueOn", due_at as "dueAt", due_zone as "dueZone", estimate, version,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** The task that a row is. */
export function toTask(row: TaskRow): Task {
  const { startOn, startAt, startZone, dueOn, dueAt, dueZone, ...task } = row;
  return { ...task, start: taskDate(startOn, startAt, startZone), due: taskDate(dueOn, dueAt, dueZone) };
}

function taskDate(date: string | null, at: Date | null, timeZone: string | null): TaskDate | null {
  return date === null ? null : { date, at: at?.toISOString() ?? null, timeZone };
}

const none = { date: null, at: null, timeZone: null };

/** The dates of a task, each with its columns; all of them null where it has none. */
export function datesOf({ start, due }: Pick<Task, 'start' | 'due'>) {
  return { start: start ?? none, due: due ?? none };
}
