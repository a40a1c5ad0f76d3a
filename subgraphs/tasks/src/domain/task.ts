import { z } from 'zod';
import { refuse, refuseInput } from '#platform/errors.ts';
import { lineSchema, textSchema } from '#platform/text.ts';
import { canSee, type Role } from './policy.ts';
import type { Project } from './project.ts';
import { isReversed, type TaskDate } from './taskDate.ts';
import { requireMayWrite } from './workspace.ts';

/** What a task may be called. */
export const titleSchema = lineSchema(500);

/** Where a task may stand. */
export const statusSchema = z.enum(['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE', 'CANCELED']);

const written = textSchema(50_000);

/** Markdown, as it was written; empty when it is blank. */
export const descriptionSchema = z
  .string()
  .transform((text) => (text.trim() === '' ? '' : text))
  .superRefine((text, context) => {
    const { error } = text === '' ? {} : written.safeParse(text);
    for (const { message } of error?.issues ?? []) context.addIssue({ code: 'custom', message });
  });

/** How urgent a task may be, in that order. */
export const prioritySchema = z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT']);

/** How urgent a task is. */
export type TaskPriority = z.output<typeof prioritySchema>;

/** What a task may be estimated at, in points. */
export const estimateSchema = z.int().min(0, 'Must be 0 to 1000').max(1000, 'Must be 0 to 1000');

/** Where a task stands. */
export type TaskStatus = z.output<typeof statusSchema>;

/** A piece of work. */
export type Task = {
  id: string;
  workspaceId: string;
  projectId: string;
  /** Gapless in its project, from 1. */
  number: number;
  title: string;
  /** Markdown; empty when there is none. */
  description: string;
  status: TaskStatus;
  priority: TaskPriority;
  creatorId: string;
  assigneeId: string | null;
  start: TaskDate | null;
  due: TaskDate | null;
  /** In points. */
  estimate: number | null;
  /** Rises by one with each change. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** A task that is decided and has no number yet: the project's row gives it, under its lock. */
export type TaskDraft = Omit<Task, 'number'>;

/** What whoever creates a task may say of it besides. */
export type TaskDetails = Pick<Task, 'title' | 'description' | 'status' | 'priority' | 'start' | 'due' | 'estimate'>;

/**
 * A new task in the project, or a refusal: NOT_FOUND for whoever is not a member, FORBIDDEN for guests, WORKSPACE_ARCHIVED,
 * BAD_USER_INPUT for an assignee who is not a member, and for a start after the due date.
 */
export function draftTask(given: {
  id: string;
  project: Project;
  details: TaskDetails;
  creatorId: string;
  /** The creator's role in the project's workspace. */
  role: Role | null;
  /** Whether that workspace is archived. */
  archived: boolean;
  assignee: { id: string; role: Role | null } | null;
  now: Date;
}): TaskDraft {
  const { id, project, details, creatorId, role, archived, assignee, now } = given;
  if (!canSee(role)) refuse('NOT_FOUND', 'There is no such project');
  requireMayWrite(role, archived, 'Guests may not create tasks');
  if (assignee) requireAssignable(assignee.role);
  requireInOrder(details, ['start', 'due']);
  return {
    id,
    workspaceId: project.workspaceId,
    projectId: project.id,
    ...details,
    creatorId,
    assigneeId: assignee?.id ?? null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** BAD_USER_INPUT when somebody with this role in the workspace can't be given a task. */
export function requireAssignable(role: Role | null): void {
  if (canSee(role)) return;
  refuseInput([{ path: ['input', 'assigneeId'], message: 'The assignee is not a member of the workspace' }]);
}

/** BAD_USER_INPUT, for those of both that were given, when the work would begin after it is due. */
export function requireInOrder({ start, due }: Pick<Task, 'start' | 'due'>, given: readonly string[]): void {
  if (!isReversed(start, due)) return;
  const fields = ['start', 'due'].filter((field) => given.includes(field));
  refuseInput(fields.map((field) => ({ path: ['input', field], message: 'The start is after the due date' })));
}

/** `WEB-42`: how people call a task. */
export function taskKey(project: Pick<Project, 'key'>, task: Pick<Task, 'number'>): string {
  return `${project.key}-${task.number}`;
}

/** What other subgraphs may know of a task. */
export function taskState(project: Pick<Project, 'key'>, task: Task) {
  const { number: _, description: _text, version: _version, createdAt: _created, updatedAt: _updated, ...state } = task;
  return { ...state, key: taskKey(project, task) };
}

/** What the events about a task carry of it. */
export function describedState(project: Pick<Project, 'key'>, task: Task) {
  return { ...taskState(project, task), description: task.description };
}
