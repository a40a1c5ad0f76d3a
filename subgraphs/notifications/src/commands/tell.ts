import { isOutage } from '#platform/consumer/isOutage.ts';
import type { DomainEvent } from '#platform/outbox/event.ts';
import type { Deps } from '../deps.ts';
import type { NotificationKind } from '../domain/notification.ts';
import type { Person } from '../domain/person.ts';
import { canSee } from '../domain/policy.ts';
import { notificationTopic } from '../feed/notificationTopic.ts';
import { sendNotificationEmail } from '../jobs/sendNotificationEmail.ts';
import { findByEvent, type Telling, type Written } from '../store/notifications.ts';

/** What is told, and to whom if they are members. */
export type News = {
  kind: NotificationKind;
  workspaceId: string;
  taskId: string;
  userIds: readonly string[];
  /** The line that they read. `actor` is a name; null when the actor is nobody that we know. */
  title: (actor: string | null) => string;
};

/**
 * A notification for each of these people who is a member of the workspace.
 * Throws SERVICE_UNAVAILABLE when a membership or a name is missing here and users can't be asked: the event then waits.
 */
export async function prepareTelling(event: DomainEvent, news: News, deps: Deps): Promise<Telling> {
  const { kind, workspaceId, taskId, userIds, title } = news;
  const { id: eventId, actorId, time: createdAt } = event;
  const reading = deps.reading();
  const named = actorId ? [...userIds, actorId] : userIds;
  const [found, kept] = await Promise.all([
    Promise.all(userIds.map((userId) => reading.memberships.load({ workspaceId, userId }))),
    userIds.length > 0 ? reading.people.loadMany(named) : [],
  ]);
  const members = userIds.filter((_id, index) => canSee(found[index]?.role ?? null));
  const wanted = members.length > 0 ? named.filter((id) => id === actorId || members.includes(id)) : [];
  const known = await completed(wanted, kept, deps);
  return {
    recipients: members.map((id) => ({ id, hasAddress: Boolean(known.get(id)?.email) })),
    told: {
      eventId,
      kind,
      workspaceId,
      taskId,
      actorId,
      title: title(known.get(actorId ?? '')?.name ?? null),
      createdAt,
    },
  };
}

/** These people by their ids. Users is asked for those that the projection doesn't have. */
async function completed(
  ids: readonly string[],
  kept: readonly (Person | Error | null)[],
  { pool, people }: Deps,
): Promise<Map<string, Person>> {
  const known = new Map<string, Person>();
  const note = (person: Person | Error | null) => person && !(person instanceof Error) && known.set(person.id, person);
  kept.forEach(note);
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) (await people.load(pool, missing)).forEach(note);
  return known;
}

/**
 * What follows the commit of an event's notifications: the hint to open subscriptions, and the e-mails that are still due.
 * It is repeated when the event comes again, as the process may have died before it. While Redis is away nothing is sent:
 * subscriptions read again when it is back, and the sweep brings the e-mails.
 */
export async function sendOut(
  event: Pick<DomainEvent, 'id'>,
  { prisma, live, jobs, log }: Deps,
  written?: readonly Written[],
): Promise<void> {
  for (const { emailIsDue, ...notification } of written ?? (await findByEvent(prisma, event.id))) {
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
