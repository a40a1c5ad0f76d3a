import { z } from 'zod';
import { isConnectionError } from '#platform/database/errors.ts';
import { Refusal } from '#platform/errors.ts';
import { defineJob } from '#platform/jobs/defineJob.ts';
import type { Deps } from '../deps.ts';
import { afterFailure, FIRST_PAUSE_MS, loggable, MOST_ATTEMPTS, whyNotToSend } from '../domain/emailDelivery.ts';
import { canSee } from '../domain/policy.ts';
import { type ClaimedEmail, claimEmail, emails } from '../store/emails.ts';

/**
 * Sends the e-mail of a notification. The delivery's row says what is due; this job is only its timer.
 *
 * At least once, as everything that leaves the house: the row is claimed first, so that of several workers one sends, and
 * a repeat needs a crash between the server's yes and our mark. It then carries the same Message-ID.
 */
export const sendNotificationEmail = defineJob({
  name: 'sendNotificationEmail',
  input: z.object({ notificationId: z.uuid() }),
  id: ({ notificationId }) => `email-${notificationId}`,
  attempts: MOST_ATTEMPTS,
  backoffMs: FIRST_PAUSE_MS,

  async handle({ notificationId }, deps: Deps) {
    const claimed = await claimEmail(deps.prisma, notificationId);
    if (!claimed) return;
    const line = { event_id: claimed.notification.eventId, notification_id: notificationId };
    const { recipient, reason } = await decide(claimed, deps);
    if (!recipient) return emails.settle(deps.prisma, claimed, { state: 'SKIPPED', reason });
    try {
      await deps.mailer.send(claimed.notification, recipient);
    } catch (error) {
      const outcome = afterFailure(error, claimed.attempts);
      await emails.settle(deps.prisma, claimed, outcome);
      const err = loggable(error);
      // The kit logs it and has it tried again.
      if (outcome.state === 'DUE') throw err;
      deps.log.error({ ...line, err }, 'Gave up on the e-mail of a notification');
      return;
    }
    await emails.settle(deps.prisma, claimed, { state: 'SENT' });
    deps.log.info(line, deps.mailer.sends ? 'E-mail sent' : 'No e-mail sent: there is no SMTP_URL');
  },
});

/** Who it goes to, as things are now; or why it isn't wanted any more. */
async function decide(claimed: ClaimedEmail, { prisma, pool, memberships, people }: Deps) {
  const { recipientId: userId, workspaceId, readAt } = claimed.notification;
  try {
    const membership = await memberships.reader(pool, { misses: false }).load({ workspaceId, userId });
    const [person] = await people.load(pool, [userId]);
    const reason = whyNotToSend({
      readAt,
      isMember: canSee(membership?.role ?? null),
      address: person?.email ?? null,
    });
    return reason !== null || !person ? { recipient: null, reason: reason ?? '' } : { recipient: person, reason };
  } catch (error) {
    // Not the e-mail's fault: it costs none of its attempts.
    if (error instanceof Refusal || isConnectionError(error)) await emails.giveBack(prisma, claimed).catch(() => {});
    throw error;
  }
}
