import type { Deps } from '../deps.ts';
import { listOverdueEmails, type OverdueEmail } from '../store/emails.ts';
import { sendNotificationEmail } from './sendNotificationEmail.ts';

const PAGE = 500;

/** Adds the job of each overdue e-mail again: Redis may have lost it. One that still waits there stays as it is. */
export async function sweepEmails({ prisma, jobs }: Pick<Deps, 'prisma' | 'jobs'>): Promise<void> {
  let page: OverdueEmail[] = [];
  do {
    page = await listOverdueEmails(prisma, page.at(-1) ?? null, PAGE);
    for (const { id } of page) await jobs.enqueue(sendNotificationEmail, { notificationId: id });
  } while (page.length === PAGE);
}
