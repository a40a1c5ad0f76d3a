import { z } from 'zod';
import { refuse, refuseInput } from '#platform/errors.ts';
import { lineSchema } from '#platform/text.ts';
import { canSee, type Role } from './policy.ts';
import type { Project } from './project.ts';
import { requireMayWrite } from './workspace.ts';

/** What a task may be called. */
export const titleSchema = lineSchema(500);

/** Where a task may stand. */
export const statusSchema = z.enum(['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE', 'CANCELED']);

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
  status: TaskStatus;
  creatorId: string;
  assigneeId: string | null;
  /** Rises by one with each change. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** A task that is decided and has no number yet: the project's row gives it, under its lock. */
export type TaskDraft = Omit<Task, 'number'>;

/**
 * A new task in the project, or a refusal: NOT_FOUND for whoever is not a member, FORBIDDEN for guests, WORKSPACE_ARCHIVED,
 * BAD_USER_INPUT for an assignee who is not a member.
 */
export function draftTask(given: {
  id: string;
  project: Project;
  title: string;
  status: TaskStatus;
  creatorId: string;
  /** The creator's role in the project's workspace. */
  role: Role | null;
  /** Whether that workspace is archived. */
  archived: boolean;
  assignee: { id: string; role: Role | null } | null;
  now: Date;
}): TaskDraft {
  const { id, project, title, status, creatorId, role, archived, assignee, now } = given;
  if (!canSee(role)) refuse('NOT_FOUND', 'There is no such project');
  requireMayWrite(role, archived, 'Guests may not create tasks');
  if (assignee && !canSee(assignee.role)) {
    refuseInput([{ path: ['input', 'assigneeId'], message: 'The assignee is not a member of the workspace' }]);
  }
  return {
    id,
    workspaceId: project.workspaceId,
    projectId: project.id,
    title,
    status,
    creatorId,
    assigneeId: assignee?.id ?? null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** `WEB-42`: how people call a task. */
export function taskKey(project: Pick<Project, 'key'>, task: Pick<Task, 'number'>): string {
  return `${project.key}-${task.number}`;
}

/** What the events about a task, and the other subgraphs, carry of it. */
export function taskState(project: Pick<Project, 'key'>, task: Task) {
  const { id, workspaceId, projectId, title, status, creatorId, assigneeId } = task;
  return { id, workspaceId, projectId, key: taskKey(project, task), title, status, creatorId, assigneeId };
}
