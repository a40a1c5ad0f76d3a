import { z } from 'zod';
import type { CommentAdded } from '#events/comments.ts';
import type { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import type { DomainEvent } from '#platform/outbox/event.ts';

/** What is followed: the tasks of a project, or the comments on a task. */
export type Subject = Pick<Activity, 'subject' | 'subjectId'>;

/** Something that happened in a project or to a task. */
export type Activity = z.infer<typeof activitySchema>;

/** An activity that has no place in its feed yet. */
export type NewActivity = Omit<Activity, 'sequence'>;

/** An activity as it travels between the processes of this subgraph; instants may be texts. */
export const activitySchema = z.object({
  subject: z.enum(['PROJECT', 'TASK']),
  subjectId: z.uuid(),
  /** Gapless per subject, from 1. */
  sequence: z.int().positive(),
  /** The event that it came from. */
  eventId: z.uuid(),
  kind: z.enum(['TASK_CREATED', 'TASK_UPDATED', 'COMMENT_ADDED']),
  /** The workspace that it happened in. */
  workspaceId: z.uuid(),
  taskId: z.uuid(),
  commentId: z.uuid().nullable(),
  /** The fields of Task that changed, by their names in the API. */
  changedFields: z.array(z.string()),
  actorId: z.uuid().nullable(),
  occurredAt: z.coerce.date(),
});

/** A task was created or changed: an activity of its project. */
export function taskActivity(
  event: DomainEvent<z.infer<typeof TaskCreated.data> | z.infer<typeof TaskUpdated.data>>,
): NewActivity {
  const { task } = event.data;
  const changed = 'changed' in event.data ? event.data.changed : null;
  return {
    subject: 'PROJECT',
    subjectId: task.projectId,
    kind: changed ? 'TASK_UPDATED' : 'TASK_CREATED',
    workspaceId: task.workspaceId,
    taskId: task.id,
    commentId: null,
    changedFields: (changed ?? []).map(fieldOfTask),
    ...originOf(event),
  };
}

/** Somebody commented on a task: an activity of that task. */
export function commentActivity(event: DomainEvent<z.infer<typeof CommentAdded.data>>): NewActivity {
  const { comment } = event.data;
  return {
    subject: 'TASK',
    subjectId: comment.taskId,
    kind: 'COMMENT_ADDED',
    workspaceId: comment.workspaceId,
    taskId: comment.taskId,
    commentId: comment.id,
    changedFields: [],
    ...originOf(event),
  };
}

/** The event names what a reference holds (assigneeId), the API the reference (assignee). */
function fieldOfTask(name: string): string {
  return name.replace(/(?<=[a-z])Id$/, '');
}

function originOf({ id, actorId, time }: DomainEvent) {
  return { eventId: id, actorId, occurredAt: time };
}
