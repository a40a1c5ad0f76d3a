import { v7 } from 'uuid';
import { z } from 'zod';
import { parseInput } from './input.ts';

/** A new UUIDv7 (RFC 9562): sorts by the millisecond of its making, monotonic within a process. */
export function newId(): string {
  return v7();
}

/** Any UUID, in lower case as Postgres prints it. */
export const idSchema = z.uuid('Must be a UUID').toLowerCase();

/** An id that a client chose: a UUIDv7. Nothing is ordered by it: a client's clock is not ours. */
export const clientIdSchema = z.uuidv7('Must be a UUIDv7').toLowerCase();

/** An id argument in canonical form; BAD_USER_INPUT at `path` unless it is a UUID. */
export function parseId(value: unknown, path: string[] = ['id']): string {
  return parseInput(idSchema, value, path);
}
