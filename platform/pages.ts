import { z } from 'zod';
import { refuseInput } from './errors.ts';

/** A page that was asked for: `limit` rows after the row with these ordering keys. */
export type Page = { limit: number; after: string[] | null; ordering: string };

/** The arguments of a connection field. */
export type PageArguments = { first?: number | null | undefined; after?: string | null | undefined };

/** A Relay connection, with `nodes` as a shortcut. */
export type Connection<T> = {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
};

const defaultFirst = 20;
const maximumFirst = 100;
const maximumCursorLength = 4096;
const cursorSchema = z.tuple([z.string()], z.string());

/**
 * Reads `first` (20 unless given, 1 to 100) and `after`; BAD_USER_INPUT for anything else.
 * A cursor is only good for the ordering that made it: give every order of every list its own name. `keys` checks what is
 * in the cursor (dates, ids), so that a forged one is refused here and not by the database.
 */
export function parsePage(
  { first, after }: PageArguments,
  ordering: string,
  keys: z.ZodType<string[]> = z.array(z.string()),
): Page {
  const limit = first ?? defaultFirst;
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumFirst) {
    refuseInput([{ path: ['first'], message: `Must be a whole number from 1 to ${maximumFirst}` }]);
  }
  return { limit, after: after == null ? null : readCursor(after, ordering, keys), ordering };
}

/** The connection of a page out of its rows: query `limit + 1` rows, the surplus one says that there is a next page. */
export function toConnection<T>(rows: readonly T[], page: Page, cursorKeys: (row: T) => string[]): Connection<T> {
  const nodes = rows.slice(0, page.limit);
  const edges = nodes.map((node) => ({ cursor: writeCursor(page.ordering, cursorKeys(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The cursor of a row: opaque to clients. */
export function writeCursor(ordering: string, keys: string[]): string {
  return Buffer.from(JSON.stringify([ordering, ...keys])).toString('base64url');
}

function readCursor(cursor: string, ordering: string, schema: z.ZodType<string[]>): string[] {
  const refused = (message: string): never => refuseInput([{ path: ['after'], message }]);
  if (cursor.length > maximumCursorLength) return refused('Is not a cursor');
  const content = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!content.success) return refused('Is not a cursor');
  const [madeFor, ...keys] = content.data;
  if (madeFor !== ordering) return refused('Is the cursor of another list or order');
  const checked = schema.safeParse(keys);
  return checked.success ? checked.data : refused('Is not a cursor');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
