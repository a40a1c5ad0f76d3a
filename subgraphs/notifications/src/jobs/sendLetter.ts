import { z } from 'zod';
import { isConnectionError } from '#platform/database/errors.ts';
import { Refusal } from '#platform/errors.ts';
import { defineJob } from '#platform/jobs/defineJob.ts';
import type { Deps } from '../deps.ts';
import { afterFailure, FIRST_PAUSE_MS, loggable, MOST_ATTEMPTS } from '../domain/emailDelivery.ts';
import type { Letter } from '../domain/mail.ts';
import type { Claim } from '../store/deliveries.ts';
import { findLetter, letterDeliveries } from '../store/letters.ts';

/**
 * Sends a letter of users, which is asked what it says right before; see sendNotificationEmail for how it is claimed, repeated
 * and given up.
 */
export const sendLetter = defineJob({
  name: 'sendLetter',
  input: z.object({ letterId: z.uuid() }),
  id: ({ letterId }) => `letter-${letterId}`,
  attempts: MOST_ATTEMPTS,
  backoffMs: FIRST_PAUSE_MS,

  async handle({ letterId }, deps: Deps) {
    const { prisma, mailer, log } = deps;
    const claim = await letterDeliveries.claim(prisma, letterId);
    if (!claim) return;
    const letter = await read(claim, deps);
    if (!letter) {
      return letterDeliveries.settle(prisma, claim, { state: 'SKIPPED', reason: 'Not wanted any more.' });
    }
    try {
      await mailer.sendLetter(letterId, letter);
    } catch (error) {
      const outcome = afterFailure(error, claim.attempts);
      await letterDeliveries.settle(prisma, claim, outcome);
      const err = loggable(error);
      // The kit logs it and has it tried again.
      if (outcome.state === 'DUE') throw err;
      log.error({ letter_id: letterId, err }, 'Gave up on a letter');
      return;
    }
    await letterDeliveries.settle(prisma, claim, { state: 'SENT' });
    log.info({ letter_id: letterId }, mailer.sends ? 'Letter sent' : 'No letter sent: there is no SMTP_URL');
  },
});

async function read(claim: Claim, { prisma, letters }: Deps): Promise<Letter | null> {
  try {
    return await letters.read(await findLetter(prisma, claim.id));
  } catch (error) {
    // Not the letter's fault: it costs none of its attempts.
    if (error instanceof Refusal || isConnectionError(error))
      await letterDeliveries.giveBack(prisma, claim).catch(() => {});
    throw error;
  }
}
