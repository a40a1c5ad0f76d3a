import pg from 'pg';
import type { PrefixedQuery } from '../database/prefixedQuery.ts';

const begins = /^begin/i;
const ends = /^(commit|rollback)/i;

/**
 * The SQL statements that this process sends to Postgres while `work` runs: for tests that hold a selection to one query
 * per level. What the backbone does meanwhile (its sweeper, its consumers) is left out, and what a service does by itself now
 * and then and marks with the comment `background`; and so are transactions in which there is nothing else.
 */
export async function queriesOf<T>(work: () => Promise<T>): Promise<{ result: T; queries: string[] }> {
  const queries: string[] = [];
  const transactions = new Map<pg.Client, string[]>();
  const note = (client: pg.Client, sql: string) => {
    if (begins.test(sql)) return void transactions.set(client, [sql]);
    const transaction = transactions.get(client);
    // Of one that began before: the backbone's.
    if (!transaction && ends.test(sql)) return;
    if (!sql.includes('backbone.') && !sql.includes('/* background */')) (transaction ?? queries).push(sql);
    if (!transaction || !ends.test(sql)) return;
    transactions.delete(client);
    if (transaction.length > 2) queries.push(...transaction);
  };
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string; before?: PrefixedQuery['before'] }];
    const texts =
      typeof first === 'string' ? [first] : [...(first.before ?? []).map((one) => one.text), first.text ?? ''];
    for (const text of texts) note(this, text.replace(/\s+/g, ' ').trim());
    return (query as (...args: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  try {
    return { result: await work(), queries };
  } finally {
    pg.Client.prototype.query = query;
  }
}
