import type { ClientBase } from 'pg';

/** A table that holds rows of its own: a partitioned one stands for its partitions. */
export type Table = { schema: string; name: string; columns: string[] };

/** A table's name as SQL takes it. */
export const quoted = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string => `"${schema}"."${name}"`;

/** A table's columns as SQL takes them. */
export const columnList = ({ columns }: Pick<Table, 'columns'>): string =>
  columns.map((column) => `"${column}"`).join(', ');

type Row = Table & { id: string; needs: string[] };

/**
 * The tables of a subgraph's database, each after those that it refers to. Left out: the migrations' own, which migrating
 * fills, and rebuilds that somebody has asked for.
 */
export async function readTables(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Row>(
    `select c.oid::text as id, n.nspname as schema, c.relname as name,
            array(select a.attname::text from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                  order by a.attnum) as columns,
            array(select k.confrelid::text from pg_constraint k
                  where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'backbone') and c.relkind in ('r', 'p') and not c.relispartition
       and (n.nspname, c.relname) not in (('public', '_prisma_migrations'), ('backbone', 'rebuild'))
     order by n.nspname desc, c.relname`,
  );
  const ordered: Row[] = [];
  while (ordered.length < rows.length) {
    const ready = rows.filter(
      (row) => !ordered.includes(row) && row.needs.every((id) => ordered.some((one) => one.id === id)),
    );
    if (ready.length === 0) throw new Error('The tables refer to each other in a circle');
    ordered.push(...ready);
  }
  return ordered.map(({ schema, name, columns }) => ({ schema, name, columns }));
}

/** The month partitions of the event table. */
export async function readMonths(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'backbone.event'::regclass and c.relname ~ '^event_[0-9]{4}_[0-9]{2}$' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** True when no table has a row. */
export async function isEmpty(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind = 'r' and c.relname <> '_prisma_migrations'`,
  );
  for (const { name } of rows) {
    if ((await client.query(`select from ${name} limit 1`)).rowCount) return false;
  }
  return true;
}
