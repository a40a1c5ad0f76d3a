import type { NamedStatement } from '#platform/database/prefixedQuery.ts';
import type { Activity, NewActivity, Subject } from '../domain/activity.ts';
import type { Database } from './database.ts';

const PRUNED_AT_ONCE = 5_000;

/**
 * Writes activities at the next places of their feeds, in the order given; returns them as they were written. The feeds' rows are
 * locked in order of the key, so that two transactions never wait for each other in a circle; they stay locked until the commit,
 * so sequences are gapless and become visible in their order.
 */
export function writingActivities(activities: readonly NewActivity[]): NamedStatement {
  const places = new Map<string, number>();
  const rows = activities.map((activity) => {
    const feed = `${activity.subject} ${activity.subjectId}`;
    const place = (places.get(feed) ?? 0) + 1;
    places.set(feed, place);
    return { ...activity, place };
  });
  return { name: 'write-activities', text: writeSql, values: [JSON.stringify(rows)] };
}

const writeSql = `
  with told as (
    select * from jsonb_to_recordset($1::jsonb) as told (
      subject activity_subject, "subjectId" uuid, place int, "eventId" uuid, kind activity_kind, "workspaceId" uuid,
      "taskId" uuid, "commentId" uuid, "changedFields" text[], "actorId" uuid, "occurredAt" timestamptz
    )
  ), size as (
    select subject, "subjectId", max(place) as places from told group by subject, "subjectId"
  ), feed as (
    insert into activity_feed (subject, subject_id, last_sequence)
    select subject, "subjectId", places from size order by subject, "subjectId"
    on conflict (subject, subject_id) do update set last_sequence = activity_feed.last_sequence + excluded.last_sequence
    returning subject, subject_id as "subjectId", last_sequence
  )
  insert into activity (subject, subject_id, sequence, event_id, kind, workspace_id, task_id, comment_id,
    changed_fields, actor_id, occurred_at)
  select subject, "subjectId", last_sequence - places + place, "eventId", kind, "workspaceId", "taskId", "commentId",
    "changedFields", "actorId", "occurredAt"
  from told join size using (subject, "subjectId") join feed using (subject, "subjectId")
  returning subject, subject_id as "subjectId", sequence, event_id as "eventId", kind, workspace_id as "workspaceId",
    task_id as "taskId", comment_id as "commentId", changed_fields as "changedFields", actor_id as "actorId",
    occurred_at as "occurredAt"`;

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
