import type { Notification } from '../domain/notification.ts';
import type { Database } from './database.ts';
import { type Claim, defineDeliveries } from './deliveries.ts';

/** The e-mails of notifications. */
export const emails = defineDeliveries({ table: 'email_delivery', key: 'notification_id' });

/** A claimed delivery, and the notification as it is now. */
export type ClaimedEmail = Claim & { notification: Notification };

/** Claims the e-mail of a notification; see Deliveries. */
export async function claimEmail(db: Database, notificationId: string): Promise<ClaimedEmail | null> {
  const claim = await emails.claim(db, notificationId);
  if (!claim) return null;
  return { ...claim, notification: await db.notification.findUniqueOrThrow({ where: { id: notificationId } }) };
}
