import { isOutage } from '#platform/consumer/isOutage.ts';
import type { DomainEvent } from '#platform/outbox/event.ts';
import type { Deps } from '../deps.ts';
import type { NotificationKind } from '../domain/notification.ts';
import { canSee } from '../domain/policy.ts';
import { notificationTopic } from '../feed/notificationTopic.ts';
import { sendNotificationEmail } from '../jobs/sendNotificationEmail.ts';
import type { Database } from '../store/database.ts';
import { findByEvent, insertNotifications, type Recipient, type Told } from '../store/notifications.ts';

/** What is told, and to whom if they are members. */
export type News = {
  kind: NotificationKind;
  workspaceId: string;
  taskId: string;
  userIds: readonly string[];
  /** The line that they read. `actor` is a name; null when the actor is nobody that we know. */
  title: (actor: string | null) => string;
};

/** Notifications that are decided on and not written yet. */
export type Telling = { recipients: readonly Recipient[]; told: Told };

/**
 * A notification for each of these people who is a member of the workspace.
 * Throws SERVICE_UNAVAILABLE when a membership or a name is missing here and users can't be asked: the event then waits.
 */
export async function prepareTelling(event: DomainEvent, news: News, deps: Deps): Promise<Telling> {
  const { prisma, people } = deps;
  const { kind, workspaceId, taskId, userIds, title } = news;
  const { id: eventId, actorId, time: createdAt } = event;
  const memberships = deps.memberships.reader(prisma);
  const found = await Promise.all(userIds.map((userId) => memberships.load({ workspaceId, userId })));
  const members = userIds.filter((_id, index) => canSee(found[index]?.role ?? null));
  const known = members.length > 0 ? await people.load(prisma, actorId ? [...members, actorId] : members) : [];
  const actor = actorId ? (known.at(-1)?.name ?? null) : null;
  return {
    recipients: members.map((id, index) => ({ id, hasAddress: Boolean(known[index]?.email) })),
    told: { eventId, kind, workspaceId, taskId, actorId, title: title(actor), createdAt },
  };
}

/** Writes them, in the consumer's transaction. */
export async function tell(tx: Database, { recipients, told }: Telling): Promise<void> {
  if (recipients.length > 0) await insertNotifications(tx, recipients, told);
}

/**
 * What follows the commit of an event's notifications: the hint to open subscriptions, and the e-mails that are still due.
 * It is repeated when the event comes again, as the process may have died before it. While Redis is away nothing is sent:
 * subscriptions read again when it is back, and the sweep brings the e-mails.
 */
export async function sendOut(event: Pick<DomainEvent, 'id'>, { prisma, live, jobs, log }: Deps): Promise<void> {
  for (const { notification, emailIsDue } of await findByEvent(prisma, event.id)) {
    const { id, recipientId } = notification;
    const line = { event_id: event.id, notification_id: id };
    try {
      await live.publish(notificationTopic, recipientId, notification);
      if (emailIsDue) await jobs.enqueue(sendNotificationEmail, { notificationId: id });
      log.info({ ...line, email_due: emailIsDue }, 'Told');
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn({ ...line, err: error }, 'Redis is away; this notification goes out later');
    }
  }
}
