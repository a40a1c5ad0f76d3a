import type { NamedStatement } from '../database/prefixedQuery.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';

/** A table that keeps what another subgraph has told of its aggregates: one row an aggregate, with its version. */
export type Projection<Row extends { version: number }> = {
  readonly table: string;
  /**
   * Keeps a row unless the table has the same version of it or a later one: events come in any order, and the owner may have
   * been asked meanwhile. True when it was kept. A row is never taken away: what is gone stays, with a field that says so.
   */
  keep(db: Pick<SqlTransaction, '$executeRawUnsafe'>, row: Row): Promise<boolean>;
  /** Keeps several rows so, in one statement; of the same one several times, the latest version. How many were kept. */
  keepAll(db: Pick<SqlTransaction, '$executeRawUnsafe'>, rows: readonly Row[]): Promise<number>;
  /** The statement that keeps several rows so. */
  keeping(rows: readonly Row[]): NamedStatement;
};

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * Declares a projection: its table, the column of each field but `version`, and the fields that identify a row (they need
 * a unique index). The table has a column `version` beside them. This is the one place that compares versions.
 */
export function defineProjection<Row extends { version: number }>(definition: {
  table: string;
  columns: Record<Exclude<keyof Row & string, 'version'>, string>;
  key: readonly Exclude<keyof Row & string, 'version'>[];
}): Projection<Row> {
  const { table, key } = definition;
  const columns: Record<string, string> = { ...definition.columns, version: 'version' };
  const names = Object.values(columns).map(quote);
  const keys = key.map((field) => quote(columns[field] as string));
  const updates = names.filter((name) => !keys.includes(name)).map((name) => `${name} = excluded.${name}`);
  // The table's own row type converts texts to uuids, enums, timestamps …: one statement fits every table. What is there
  // already is left out before it would be locked; the rest is locked in the order of the keys, as others do it.
  const keepSql = `
    insert into ${quote(table)} (${names.join(', ')})
    select ${names.join(', ')} from jsonb_populate_recordset(null::${quote(table)}, $1::jsonb) as told
    where not exists (
      select from ${quote(table)} as kept
      where ${keys.map((name) => `kept.${name} = told.${name}`).join(' and ')} and kept."version" >= told."version"
    )
    order by ${keys.join(', ')}
    on conflict (${keys.join(', ')}) do update set ${updates.join(', ')}
    where ${quote(table)}."version" < excluded."version"`;
  const record = (row: Row) =>
    Object.fromEntries(Object.entries(columns).map(([field, column]) => [column, row[field as keyof Row] ?? null]));
  const keyOf = (row: Row) => JSON.stringify(key.map((field) => row[field]));
  const latest = (rows: readonly Row[]) => {
    const found = new Map<string, Row>();
    for (const row of rows) if (!(row.version <= (found.get(keyOf(row))?.version ?? -1))) found.set(keyOf(row), row);
    return [...found.values()];
  };
  const textOf = (rows: readonly Row[]) => JSON.stringify((rows.length > 1 ? latest(rows) : rows).map(record));
  const keepAll: Projection<Row>['keepAll'] = (db, rows) => db.$executeRawUnsafe(keepSql, textOf(rows));
  return {
    table,
    keepAll,
    keep: async (db, row) => (await keepAll(db, [row])) === 1,
    keeping: (rows) => ({ name: `keep-${table}`, text: keepSql, values: [textOf(rows)] }),
  };
}
