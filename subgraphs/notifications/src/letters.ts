import { z } from 'zod';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import type { Letter } from './domain/mail.ts';
import type { AnnouncedLetter } from './store/letters.ts';

const answerSchema = z.object({
  letter: z
    .object({
      to: z.object({ name: z.string(), address: z.string() }),
      subject: z.string(),
      lines: z.array(z.string()),
      link: z.object({ label: z.string(), path: z.string() }),
    })
    .nullable(),
});

/** What users' letters say. */
export type Letters = {
  /** What a letter says now; null when it isn't wanted any more. Throws SERVICE_UNAVAILABLE when users can't be asked. */
  read(letter: AnnouncedLetter): Promise<Letter | null>;
};

/** Asks users for what its letters say, each at the time when it is about to leave. */
export function createLetters(users: GuardedClient): Letters {
  return {
    read: async ({ kind, subjectId, issue }) =>
      (await users.call('/internal/letter', { kind, subjectId, issue }, answerSchema)).letter,
  };
}
