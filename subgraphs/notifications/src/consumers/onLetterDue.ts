import { LetterDue } from '#events/users.ts';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { isOutage } from '#platform/consumer/isOutage.ts';
import type { Deps } from '../deps.ts';
import { sendLetter } from '../jobs/sendLetter.ts';
import type { Database } from '../store/database.ts';
import { insertLetter } from '../store/letters.ts';

/** Writes down that a letter of users is due, and has it sent. While Redis is away the sweep does that. */
export const onLetterDue = factConsumer({
  name: 'notifications-on-letter-due',
  events: [LetterDue],
  handle: (tx: Database, { aggregateId: id, data, time }, _deps: Deps) =>
    insertLetter(tx, { id, ...data.letter }, time),
  async afterCommit({ aggregateId: letterId }, { jobs, log }) {
    try {
      await jobs.enqueue(sendLetter, { letterId });
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn({ letter_id: letterId, err: error }, 'Redis is away; this letter goes out later');
    }
  },
});
