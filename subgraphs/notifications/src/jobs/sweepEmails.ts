import type { Deps } from '../deps.ts';
import type { Deliveries, Overdue } from '../store/deliveries.ts';
import { emails } from '../store/emails.ts';
import { letterDeliveries } from '../store/letters.ts';
import { sendLetter } from './sendLetter.ts';
import { sendNotificationEmail } from './sendNotificationEmail.ts';

const PAGE = 500;

/** Adds the job of each overdue e-mail again: Redis may have lost it. One that still waits there stays as it is. */
export async function sweepEmails({ prisma, jobs }: Pick<Deps, 'prisma' | 'jobs'>): Promise<void> {
  await sweep(emails, (id) => jobs.enqueue(sendNotificationEmail, { notificationId: id }));
  await sweep(letterDeliveries, (id) => jobs.enqueue(sendLetter, { letterId: id }));

  async function sweep(deliveries: Deliveries, enqueue: (id: string) => Promise<void>): Promise<void> {
    let page: Overdue[] = [];
    do {
      page = await deliveries.listOverdue(prisma, page.at(-1) ?? null, PAGE);
      for (const { id } of page) await enqueue(id);
    } while (page.length === PAGE);
  }
}
