import { z } from 'zod';
import { refuseInput } from './errors.ts';

/**
 * The one place where input is validated: returns the schema's output, or throws BAD_USER_INPUT with every wrong field.
 * `path` is where the value sits among the operation's arguments.
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, path: string[] = ['input']): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  return refuseInput(
    result.error.issues.flatMap((issue) => {
      const at = [...path, ...issue.path.map(String)];
      // An unknown key is reported at the object that holds it; the client wants to know the key.
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({ path: [...at, key], message: 'Unknown field' }));
      }
      return [{ path: at, message: issue.message }];
    }),
  );
}

/**
 * Text of `min` to `max` characters after trimming; may run over several lines.
 * Refuses what Postgres cannot store (NUL, half a surrogate pair) and the other control characters.
 */
export function textSchema(min: number, max: number): z.ZodString {
  return (
    z
      .string()
      .trim()
      .min(min, min === 1 ? 'Must not be empty' : `Must have at least ${min} characters`)
      .max(max, `Must have at most ${max} characters`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
      .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/, 'Must not contain control characters')
      .refine((text) => !/\p{Surrogate}/u.test(text), 'Must be well-formed Unicode')
  );
}

/** Text as `textSchema` has it, on a single line: names and titles. */
export function lineSchema(min: number, max: number): z.ZodString {
  return textSchema(min, max).regex(/^[^\n\t]*$/, 'Must be a single line');
}
