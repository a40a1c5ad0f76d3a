import type { z } from 'zod';
import type { CommentAdded } from '#events/comments.ts';
import type { TaskCreated, TaskUpdated } from '#events/tasks.ts';

/**
 * Who is told that a task was assigned: the new assignee, unless they did it themselves. An update that leaves the assignee
 * alone tells nobody.
 */
export function toldOfAssignment(event: {
  actorId: string | null;
  data: z.infer<typeof TaskCreated.data> | z.infer<typeof TaskUpdated.data>;
}): string[] {
  const { actorId, data } = event;
  const { assigneeId } = data.task;
  if ('changed' in data && !data.changed.includes('assigneeId')) return [];
  return assigneeId && assigneeId !== actorId ? [assigneeId] : [];
}

/** Who is told of a comment: the task's assignee and its creator, each once, but not the author. */
export function toldOfComment({ comment, task }: z.infer<typeof CommentAdded.data>): string[] {
  const concerned = new Set([task.assigneeId, task.creatorId]);
  return [...concerned].filter((id): id is string => id !== null && id !== comment.authorId);
}
