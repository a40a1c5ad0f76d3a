import type { z } from 'zod';
import type { CommentAdded } from '#events/comments.ts';
import { refuse } from '#platform/errors.ts';
import { textSchema } from '#platform/text.ts';
import { canComment, type Role } from './policy.ts';
import type { Task } from './task.ts';

/** What somebody wrote about a task. */
export type Comment = {
  id: string;
  workspaceId: string;
  taskId: string;
  authorId: string;
  body: string;
  version: number;
  createdAt: Date;
};

/** The text of a comment: 1 to 10,000 characters. */
export const bodySchema = textSchema(10_000);

/** A new comment on a task that its author may see; WORKSPACE_ARCHIVED where nobody may comment. */
export function newComment(given: {
  id: string;
  task: Task;
  authorId: string;
  body: string;
  /** The author's role in the task's workspace. */
  role: Role | null;
  /** Whether that workspace is archived. */
  archived: boolean;
  now: Date;
}): Comment {
  const { id, task, authorId, body, role, archived, now } = given;
  if (!canComment(role, archived)) refuse('WORKSPACE_ARCHIVED', 'This workspace is archived');
  return { id, workspaceId: task.workspaceId, taskId: task.id, authorId, body, version: 1, createdAt: now };
}

/** What the event carries: the comment, and what consumers need to know of its task so that they never call back. */
export function commentAdded(task: Task, comment: Comment): z.infer<typeof CommentAdded.data> {
  const { id, workspaceId, taskId, authorId, body } = comment;
  const { key, title, creatorId, assigneeId } = task;
  return { comment: { id, workspaceId, taskId, authorId, body }, task: { key, title, creatorId, assigneeId } };
}
