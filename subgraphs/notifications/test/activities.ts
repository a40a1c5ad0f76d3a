import { CommentAdded } from '#events/comments.ts';
import { TaskCreated, TaskUpdated } from '#events/tasks.ts';
import { MembershipChanged } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/index.ts';
import type { Role } from '../src/domain/policy.ts';
import { type Account, type Fixture, taskState } from './fixture.ts';

/** One event of taskChanged, as a client sees it. */
export type TaskEvent = {
  cursor: string;
  kind: string;
  changedFields: string[];
  task: { id: string };
  actor: { id: string } | null;
  occurredAt: string;
};

/** One event of commentAdded, as a client sees it. */
export type CommentEvent = { cursor: string; comment: { id: string }; task: { id: string }; occurredAt: string };

const taskChanged = `subscription ($projectId: ID!, $after: String) { taskChanged(projectId: $projectId, after: $after) {
  cursor kind changedFields task { id } actor { id } occurredAt
} }`;
const commentAdded = `subscription ($taskId: ID!, $after: String) { commentAdded(taskId: $taskId, after: $after) {
  cursor comment { id } task { id } occurredAt
} }`;

/** What a test does in projects and to tasks that others follow. */
export function activitiesOf(notifications: Fixture) {
  const { publisher, pool } = notifications;
  const rows = async (subjectId: string) =>
    (await pool.query('select * from activity where subject_id = $1 order by sequence', [subjectId])).rows;

  const follow = (viewer: Account | null, projectId: string, after?: string) =>
    opened(notifications.open<TaskEvent>(viewer, { query: taskChanged, variables: { projectId, after } }), projectId);

  return {
    /** A project or a task that tasks knows of; its event has not arrived. */
    place(workspaceId = notifications.workspaceId): string {
      const id = newId();
      notifications.places.set(id, { id, workspaceId });
      return id;
    },
    /** Somebody creates a task in a project, or changes one. */
    async change(
      actor: Account,
      projectId: string,
      { taskId = newId(), version = 1, changed = ['title'], workspaceId = notifications.workspaceId } = {},
    ): Promise<string> {
      const task = taskState({ id: taskId, workspaceId, projectId, creatorId: actor.userId, assigneeId: null });
      const fact = { aggregateId: taskId, version, actorId: actor.userId };
      if (version === 1) await publisher.publish(TaskCreated, { ...fact, data: { task } });
      else await publisher.publish(TaskUpdated, { ...fact, data: { task, changed } });
      return taskId;
    },
    /** Somebody comments on a task. */
    async comment(author: Account, taskId: string): Promise<string> {
      const { workspaceId } = notifications;
      const comment = { id: newId(), workspaceId, taskId, authorId: author.userId, body: 'Done?' };
      const task = { key: 'WEB-42', title: 'Fix', creatorId: author.userId, assigneeId: null };
      const fact = { aggregateId: comment.id, version: 1, actorId: author.userId, data: { comment, task } };
      await publisher.publish(CommentAdded, fact);
      return comment.id;
    },
    /** Somebody gets another role, or none; resolves when the projection has it. */
    async become({ userId }: Account, role: Role | null, version = 2): Promise<void> {
      const { workspaceId, memberships } = notifications;
      memberships.set(`${workspaceId} ${userId}`, { workspaceId, userId, role, version });
      const data = { membership: { workspaceId, userId, role } };
      await publisher.publish(MembershipChanged, { aggregateId: newId(), version, actorId: null, data });
      const where = 'membership where workspace_id = $1 and user_id = $2 and version = $3';
      await waitFor(async () => (await notifications.count(where, workspaceId, userId, version)) === 1);
    },
    /**
     * Follows a project; resolves when Redis has confirmed it, or it was refused. One subscription in Redis serves all streams
     * of a process: this doesn't wait where another one follows the same.
     */
    follow,
    /** Follows a project in which something has been written; resolves when the last of it has come. */
    async join(viewer: Account, projectId: string) {
      const lastButOne = (await rows(projectId)).length - 1;
      const stream = await follow(viewer, projectId, activityCursor('PROJECT', projectId, String(lastButOne)));
      await waitFor(() => stream.received.length > 0);
      stream.received.length = 0;
      return stream;
    },
    /** Follows a task, as `follow` does a project. */
    followTask: (viewer: Account | null, taskId: string, after?: string) =>
      opened(notifications.open<CommentEvent>(viewer, { query: commentAdded, variables: { taskId, after } }), taskId),
    /** The activities of a project or a task as they lie in the database, in their order. */
    rows,
    /** Waits until there are as many. */
    written: (subjectId: string, expected: number, timeoutMs = 10_000) =>
      waitFor(async () => (await rows(subjectId)).length === expected, { timeoutMs }),
  };

  /** How many subscriptions to a subject Redis has confirmed: one for all of a process. */
  async function opened<Stream extends { codes: string[] }>(stream: Stream, subjectId: string): Promise<Stream> {
    const { Redis } = await import('ioredis');
    const redis = new Redis(notifications.redis.url);
    const channels = ['PROJECT', 'TASK'].map((subject) => `live:activity:${subject}:${subjectId}`);
    const listening = async () => ((await redis.pubsub('NUMSUB', ...channels)) as unknown[]).some((n) => Number(n) > 0);
    await waitFor(async () => stream.codes.length > 0 || (await listening())).finally(() => redis.disconnect());
    return stream;
  }
}

/** The cursor before everything that happens in a project or to a task. */
export function beginning(subject: 'PROJECT' | 'TASK', id: string): string {
  return activityCursor(subject, id, '0');
}

/** Any cursor of taskChanged or commentAdded, good or not. */
export function activityCursor(subject: 'PROJECT' | 'TASK', id: string, sequence: string): string {
  return Buffer.from(JSON.stringify([`activity ${subject} ${id}`, sequence])).toString('base64url');
}
