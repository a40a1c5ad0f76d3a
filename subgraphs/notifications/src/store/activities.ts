import type { Activity, NewActivity, Subject } from '../domain/activity.ts';
import type { Database } from './database.ts';

const PRUNED_AT_ONCE = 5_000;

/**
 * Writes an activity at the next place of its feed. The feed's row stays locked until the commit, so sequences are gapless
 * and become visible in their order. An event has one feed; whoever gives it several has to lock them in order of the key,
 * so that two events never wait for each other in a circle.
 */
export async function insertActivity(db: Database, activity: NewActivity): Promise<void> {
  const { subject, subjectId, eventId, kind, workspaceId, taskId, commentId, changedFields, actorId } = activity;
  await db.$executeRaw`
    with place as (
      insert into activity_feed (subject, subject_id, last_sequence)
      values (${subject}::activity_subject, ${subjectId}::uuid, 1)
      on conflict (subject, subject_id) do update set last_sequence = activity_feed.last_sequence + 1
      returning last_sequence
    )
    insert into activity (subject, subject_id, sequence, event_id, kind, workspace_id, task_id, comment_id,
      changed_fields, actor_id, occurred_at)
    select ${subject}::activity_subject, ${subjectId}::uuid, last_sequence, ${eventId}::uuid, ${kind}::activity_kind,
      ${workspaceId}::uuid, ${taskId}::uuid, ${commentId}::uuid, ${changedFields}::text[], ${actorId}::uuid,
      ${activity.occurredAt}::timestamptz
    from place`;
}

/** The activity of an event; null when its retention is over. */
export function findActivity(db: Database, eventId: string): Promise<Activity | null> {
  return db.activity.findUnique({ where: { eventId }, omit: { recordedAt: true } });
}

/** Up to `limit` activities after a sequence, in their order. */
export function listActivities(db: Database, of: Subject, after: number, limit: number): Promise<Activity[]> {
  const { subject, subjectId } = of;
  return db.activity.findMany({
    where: { subject, subjectId, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take: limit,
    omit: { recordedAt: true },
  });
}

/** The first sequence that is still there and the last that was given out; `last + 1` and `last` of a feed that has none. */
export async function findActivityBounds(
  db: Database,
  { subject, subjectId }: Subject,
): Promise<{ first: number; last: number }> {
  const [row] = await db.$queryRaw<{ first: number; last: number }[]>`
    select last_sequence as last, coalesce((
      select min(a.sequence) from activity a where a.subject = f.subject and a.subject_id = f.subject_id
    ), last_sequence + 1) as first
    from activity_feed f where subject = ${subject}::activity_subject and subject_id = ${subjectId}::uuid`;
  return row ?? { first: 1, last: 0 };
}

/**
 * Deletes what was written before `before`, from the beginning of each feed on, so that what is left has no gap; some thousands
 * at a time. How many are gone.
 */
export async function pruneActivities(db: Database, before: Date): Promise<number> {
  return db.$executeRaw`
    with old as (
      select subject, subject_id, max(sequence) as upto
      from (select * from activity where recorded_at < ${before}::timestamptz order by recorded_at limit ${PRUNED_AT_ONCE}) as oldest
      group by subject, subject_id
    )
    delete from activity a using old
    where a.subject = old.subject and a.subject_id = old.subject_id and a.sequence <= old.upto`;
}
