import { z } from 'zod';

const MOST_SEQUENCE = 2_147_483_647;

/** What a cursor in a feed holds: the sequence, as a text. */
export const sequenceKeys = {
  schema: z.tuple([z.string().refine((text) => /^(0|[1-9]\d*)$/.test(text) && Number(text) <= MOST_SEQUENCE)]),
  keys: ({ sequence }: { sequence: number }) => [String(sequence)],
};
