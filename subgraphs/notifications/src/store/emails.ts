import { Prisma } from '#prisma/notifications/client/client.ts';
import type { Outcome } from '../domain/emailDelivery.ts';
import type { Notification } from '../domain/notification.ts';
import type { Database } from './database.ts';

/** A claim older than this belongs to a process that died: it may be taken over. */
const CLAIM_SECONDS = 60;

/** A claimed delivery: which attempt this is, and the notification as it is now. */
export type ClaimedEmail = { attempts: number; notification: Notification };

/**
 * Claims a due delivery before anything leaves the house, so that of several workers one sends. Null when there is nothing
 * to do: sent, given up, or claimed by another a moment ago.
 */
export async function claimEmail(db: Database, notificationId: string): Promise<ClaimedEmail | null> {
  const [claimed] = await db.$queryRaw<{ attempts: number }[]>`
    update email_delivery set state = 'CLAIMED', claimed_at = now(), attempts = attempts + 1
    where notification_id = ${notificationId}::uuid
      and (state = 'DUE' or (state = 'CLAIMED' and claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS})))
    returning attempts`;
  if (!claimed) return null;
  const notification = await db.notification.findUniqueOrThrow({ where: { id: notificationId } });
  return { attempts: claimed.attempts, notification };
}

/** Writes what became of a claimed delivery, unless another has taken it over meanwhile. */
export async function settleEmail(
  db: Database,
  { attempts, notification }: ClaimedEmail,
  outcome: Outcome,
): Promise<void> {
  const reason = 'reason' in outcome ? outcome.reason : null;
  const pauseMs = outcome.state === 'DUE' ? outcome.pauseMs : 0;
  await db.$executeRaw`
    update email_delivery set
      state = ${outcome.state}::email_state,
      last_error = ${reason},
      claimed_at = null,
      sent_at = case when ${outcome.state} = 'SENT' then now() end,
      due_at = case when ${outcome.state} = 'DUE' then now() + make_interval(secs => ${pauseMs / 1000}::float8) else due_at end
    where notification_id = ${notification.id}::uuid and state = 'CLAIMED' and attempts = ${attempts}`;
}

/** Gives a claim back as if it had not been: what was needed for the decision could not be had. */
export async function returnEmail(db: Database, { attempts, notification }: ClaimedEmail): Promise<void> {
  await db.$executeRaw`
    update email_delivery set state = 'DUE', claimed_at = null, attempts = attempts - 1
    where notification_id = ${notification.id}::uuid and state = 'CLAIMED' and attempts = ${attempts}`;
}

/** A page of overdue deliveries ends here; the next one begins after it. */
export type OverdueEmail = { id: string; dueAt: Date };

/**
 * Deliveries that should be on their way by now, the longest overdue first: due, or claimed by a process that died.
 * Pages, because after an outage there can be any number of them.
 */
export function listOverdueEmails(db: Database, after: OverdueEmail | null, limit: number): Promise<OverdueEmail[]> {
  const beyond = after
    ? Prisma.sql`and (due_at, notification_id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<OverdueEmail[]>`
    select notification_id as id, due_at as "dueAt" from email_delivery
    where ((state = 'DUE' and due_at <= now())
      or (state = 'CLAIMED' and claimed_at < now() - make_interval(secs => ${CLAIM_SECONDS}))) ${beyond}
    order by due_at, notification_id limit ${limit}`;
}
