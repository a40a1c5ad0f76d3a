import type { NamedStatement } from '#platform/database/prefixedQuery.ts';
import { newId } from '#platform/ids.ts';
import { Prisma } from '#prisma/notifications/client/client.ts';
import type { Notification } from '../domain/notification.ts';
import { sequenceKeys } from '../feed/sequenceKeys.ts';
import type { Database } from './database.ts';

/** The keys of a cursor in a feed. A place in the list is the same place in the live stream. */
export const feedCursor = {
  ordering: 'notifications sequence',
  ...sequenceKeys,
};

/** What the notifications of one event have in common. */
export type Told = Pick<
  Notification,
  'eventId' | 'kind' | 'workspaceId' | 'taskId' | 'actorId' | 'title' | 'createdAt'
>;

/** Somebody who gets a notification, and whether an e-mail could go there too. */
export type Recipient = { id: string; hasAddress: boolean };

/** What an event tells, and whom. */
export type Telling = { recipients: readonly Recipient[]; told: Told };

/** A notification as it was written, and whether an e-mail of it is due. */
export type Written = Notification & { emailIsDue: boolean };

/**
 * Writes one notification for each recipient of each event, in the order given, and a due e-mail for those with an address;
 * returns them as they were written. Null when there are none.
 *
 * The feed rows are locked in order of the recipient, so that two transactions with the same recipients never wait for each other
 * in a circle; they stay locked until the commit, so sequences are gapless and become visible in their order.
 */
export function writingNotifications(tellings: readonly Telling[]): NamedStatement | null {
  const places = new Map<string, number>();
  const rows = tellings.flatMap(({ recipients, told }) =>
    recipients.map(({ id: recipientId, hasAddress }) => {
      const place = (places.get(recipientId) ?? 0) + 1;
      places.set(recipientId, place);
      return { ...told, id: newId(), recipientId, hasAddress, place };
    }),
  );
  return rows.length > 0 ? { name: 'write-notifications', text: writeSql, values: [JSON.stringify(rows)] } : null;
}

const writeSql = `
  with told as (
    select * from jsonb_to_recordset($1::jsonb) as told (
      id uuid, "recipientId" uuid, "hasAddress" boolean, place int, "eventId" uuid, kind notification_kind,
      "workspaceId" uuid, "taskId" uuid, "actorId" uuid, title text, "createdAt" timestamptz
    )
  ), size as (
    select "recipientId", max(place) as places from told group by "recipientId"
  ), feed as (
    insert into feed (recipient_id, last_sequence) select "recipientId", places from size order by "recipientId"
    on conflict (recipient_id) do update set last_sequence = feed.last_sequence + excluded.last_sequence
    returning recipient_id as "recipientId", last_sequence
  ), made as (
    insert into notification
      (id, recipient_id, sequence, event_id, kind, workspace_id, task_id, actor_id, title, created_at)
    select id, "recipientId", last_sequence - places + place, "eventId", kind, "workspaceId", "taskId", "actorId", title,
      "createdAt"
    from told join size using ("recipientId") join feed using ("recipientId")
    returning *
  ), mail as (
    insert into email_delivery (notification_id, due_at) select id, now() from made join told using (id) where "hasAddress"
  )
  select n.id, n.recipient_id as "recipientId", n.sequence, n.event_id as "eventId", n.kind, n.workspace_id as "workspaceId",
    n.task_id as "taskId", n.actor_id as "actorId", n.title, n.created_at as "createdAt", n.read_at as "readAt", n.version,
    told."hasAddress" as "emailIsDue"
  from made n join told using (id)`;

/** The notifications of an event, and whether an e-mail is still due for each. One query: it runs once an event. */
export async function findByEvent(db: Database, eventId: string): Promise<Written[]> {
  return db.$queryRaw<Written[]>`
    select ${columns}, coalesce(e.state = 'DUE', false) as "emailIsDue"
    from notification n left join email_delivery e on e.notification_id = n.id
    where n.event_id = ${eventId}::uuid`;
}

/** Those of a recipient about workspaces that they are a member of: what they have left, they see no more of. */
const visibleTo = (recipientId: string) => Prisma.sql`
  n.recipient_id = ${recipientId}::uuid
  and n.workspace_id in (select workspace_id from membership where user_id = ${recipientId}::uuid and role is not null)`;

const columns = Prisma.sql`
  n.id, n.recipient_id as "recipientId", n.sequence, n.event_id as "eventId", n.kind::text,
  n.workspace_id as "workspaceId", n.task_id as "taskId", n.actor_id as "actorId", n.title,
  n.created_at as "createdAt", n.read_at as "readAt", n.version`;

/** The recipient's notifications with these ids, in no order: those of others are as if they weren't there. */
export function findOwn(db: Database, recipientId: string, ids: readonly string[]): Promise<Notification[]> {
  return db.$queryRaw<Notification[]>`
    select ${columns} from notification n where n.id = any(${ids}::uuid[]) and ${visibleTo(recipientId)}`;
}

/** The newest notifications before a sequence, one more than `limit` to see whether there are further ones. */
export function listNewestFirst(
  db: Database,
  recipientId: string,
  { before, read, limit }: { before: number | null; read: boolean | null; limit: number },
): Promise<Notification[]> {
  const earlier = before === null ? Prisma.empty : Prisma.sql`and n.sequence < ${before}`;
  const wanted =
    read === null ? Prisma.empty : read ? Prisma.sql`and n.read_at is not null` : Prisma.sql`and n.read_at is null`;
  return db.$queryRaw<Notification[]>`
    select ${columns} from notification n where ${visibleTo(recipientId)} ${earlier} ${wanted}
    order by n.sequence desc limit ${limit + 1}`;
}

/** Up to `limit` notifications after a sequence, in their order. */
export function listAfter(db: Database, recipientId: string, after: number, limit: number): Promise<Notification[]> {
  return db.notification.findMany({
    where: { recipientId, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take: limit,
  });
}

/** The last sequence that the recipient's feed has given out; 0 for an empty one. */
export async function findLastSequence(db: Database, recipientId: string): Promise<number> {
  const feed = await db.feed.findUnique({ where: { recipientId } });
  return feed?.lastSequence ?? 0;
}

/** How many the recipient has not read, of those that are theirs to see. */
export async function countUnread(db: Database, recipientId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ unread: number }[]>`
    select count(*)::int as unread from notification n where ${visibleTo(recipientId)} and n.read_at is null`;
  return row?.unread ?? 0;
}

/** Marks an own notification as read; null when it is not there or was read before. */
export async function markRead(db: Database, recipientId: string, id: string, now: Date): Promise<Notification | null> {
  const [row] = await db.notification.updateManyAndReturn({
    where: { id, recipientId, readAt: null },
    data: { readAt: now, version: { increment: 1 } },
  });
  return row ?? null;
}
