import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { letters } from '../letters.ts';

/** POST /internal/letter: what a letter of users says that is about to leave the house. For notifications, which sends it. */
export const letterRoute = {
  path: '/internal/letter',
  allow: ['notifications'],
  input: z.strictObject({ kind: z.string(), subjectId: idSchema, issue: z.int() }),

  /** The letter, or null when it isn't wanted any more. */
  async handle({ kind, subjectId, issue }: { kind: string; subjectId: string; issue: number }, deps: Deps) {
    return { letter: (await letters[kind]?.({ id: subjectId, issue }, deps)) ?? null };
  },
};
