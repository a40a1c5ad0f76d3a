import type { z } from 'zod';
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
