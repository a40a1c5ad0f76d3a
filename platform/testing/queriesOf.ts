import pg from 'pg';

/**
 * The SQL statements that this process sends to Postgres while `work` runs: for tests that hold a selection to one query
 * per level. What the backbone does meanwhile (its sweeper, its consumers) is left out.
 */
export async function queriesOf<T>(work: () => Promise<T>): Promise<{ result: T; queries: string[] }> {
  const queries: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first?.text ?? '');
    if (!text.includes('backbone.')) queries.push(text.replace(/\s+/g, ' ').trim());
    return (query as (...args: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  try {
    return { result: await work(), queries };
  } finally {
    pg.Client.prototype.query = query;
  }
}
