import { z } from 'zod';

/**
 * Text that a person wrote, 1 to `max` characters, not only white space. Kept as it is. Refused: NUL, which Postgres can't
 * store, and halves of surrogate pairs, which are no characters.
 */
export const textSchema = (max: number) =>
  z
    .string()
    .refine((text) => fits(text, max), `Must have at most ${max.toLocaleString('en')} characters`)
    .refine((text) => text.trim() !== '', 'Must not be empty')
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'Holds what is not a character');

/** Code points, as Postgres counts: an emoji is not two. Each takes one or two of JavaScript's units, so few are counted. */
const fits = (text: string, max: number): boolean =>
  text.length <= max || (text.length <= 2 * max && [...text].length <= max);

/** Text of one line: a name, a title. White space around it is cut off; line breaks and other controls are refused. */
export const lineSchema = (max: number) =>
  textSchema(max)
    .trim()
    .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'Must be one line');
