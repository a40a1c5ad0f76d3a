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

/**
 * Writes one notification for each recipient, and a due e-mail for those with an address.
 *
 * The feed rows are locked in order of the recipient, so that two events with the same recipients never wait for each other
 * in a circle; they stay locked until the commit, so sequences are gapless and become visible in their order.
 */
export async function insertNotifications(db: Database, recipients: readonly Recipient[], told: Told): Promise<void> {
  const { eventId, kind, workspaceId, taskId, actorId, title, createdAt } = told;
  await db.$executeRaw`
    with recipient as (
      select * from unnest(
        ${recipients.map(({ id }) => id)}::uuid[], ${recipients.map(() => newId())}::uuid[],
        ${recipients.map(({ hasAddress }) => hasAddress)}::boolean[]
      ) as r(recipient_id, id, has_address)
    ), place as (
      insert into feed (recipient_id, last_sequence)
      select recipient_id, 1 from recipient order by recipient_id
      on conflict (recipient_id) do update set last_sequence = feed.last_sequence + 1
      returning recipient_id, last_sequence
    ), made as (
      insert into notification
        (id, recipient_id, sequence, event_id, kind, workspace_id, task_id, actor_id, title, created_at)
      select r.id, r.recipient_id, p.last_sequence, ${eventId}::uuid, ${kind}::notification_kind, ${workspaceId}::uuid,
        ${taskId}::uuid, ${actorId}::uuid, ${title}, ${createdAt}::timestamptz
      from recipient r join place p using (recipient_id)
      returning id
    )
    insert into email_delivery (notification_id, due_at)
    select m.id, now() from made m join recipient r using (id) where r.has_address`;
}

/** The notifications of an event, and whether an e-mail is still due for each. One query: it runs once an event. */
export async function findByEvent(
  db: Database,
  eventId: string,
): Promise<{ notification: Notification; emailIsDue: boolean }[]> {
  const rows = await db.$queryRaw<(Notification & { emailIsDue: boolean })[]>`
    select ${columns}, coalesce(e.state = 'DUE', false) as "emailIsDue"
    from notification n left join email_delivery e on e.notification_id = n.id
    where n.event_id = ${eventId}::uuid`;
  return rows.map(({ emailIsDue, ...notification }) => ({ notification, emailIsDue }));
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
