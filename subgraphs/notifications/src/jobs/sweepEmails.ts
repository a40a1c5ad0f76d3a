import type { Deps } from '../deps.ts';
import { listOverdueEmails } from '../store/emails.ts';
import { sendNotificationEmail } from './sendNotificationEmail.ts';

const BATCH = 500;

/** Adds the job of each overdue e-mail again: Redis may have lost it. One that still waits there stays as it is. */
export async function sweepEmails({ prisma, jobs }: Pick<Deps, 'prisma' | 'jobs'>): Promise<void> {
  for (const notificationId of await listOverdueEmails(prisma, BATCH)) {
    await jobs.enqueue(sendNotificationEmail, { notificationId });
  }
}
