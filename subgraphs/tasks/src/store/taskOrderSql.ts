import { Prisma } from '#prisma/tasks/client/client.ts';
import type { OrderColumn, OrderKey } from '../domain/taskOrder.ts';

const columns: Record<OrderColumn, { name: Prisma.Sql; type: Prisma.Sql }> = {
  number: { name: Prisma.sql`number`, type: Prisma.sql`int` },
  title: { name: Prisma.sql`title`, type: Prisma.sql`text` },
  status: { name: Prisma.sql`status`, type: Prisma.sql`task_status` },
  priority: { name: Prisma.sql`priority`, type: Prisma.sql`task_priority` },
  startOn: { name: Prisma.sql`start_on`, type: Prisma.sql`date` },
  startAt: { name: Prisma.sql`start_at`, type: Prisma.sql`timestamptz` },
  dueOn: { name: Prisma.sql`due_on`, type: Prisma.sql`date` },
  dueAt: { name: Prisma.sql`due_at`, type: Prisma.sql`timestamptz` },
  estimate: { name: Prisma.sql`estimate`, type: Prisma.sql`int` },
  createdAt: { name: Prisma.sql`created_at`, type: Prisma.sql`timestamptz` },
  updatedAt: { name: Prisma.sql`updated_at`, type: Prisma.sql`timestamptz` },
  id: { name: Prisma.sql`id`, type: Prisma.sql`uuid` },
};

/** What goes after ORDER BY. The names are those of the table. */
export function orderSql(order: readonly OrderKey[]): Prisma.Sql {
  return Prisma.join(
    order.map(({ column, descending, nulls }) => {
      const direction = descending ? Prisma.sql`desc` : Prisma.sql`asc`;
      // Only where it is said: an index on a column that may not be null has the other order of nulls when read backwards.
      const placed =
        nulls === null ? Prisma.empty : nulls === 'first' ? Prisma.sql` nulls first` : Prisma.sql` nulls last`;
      return Prisma.sql`task.${columns[column].name} ${direction}${placed}`;
    }),
  );
}

/** A part of a list that an index can serve in order: which rows are in it, and how they are ordered. */
export type Segment = { where: Prisma.Sql; order: readonly OrderKey[] };

/**
 * The parts of a list, one after the other, from the row with these values on (null: from the beginning). Where the first key may be
 * null there are two: an index has the nulls at one end only, and a scan for "later or null" would begin at its beginning.
 */
export function segmentsOf(order: readonly OrderKey[], values: readonly (string | null)[] | null): Segment[] {
  const [first, ...rest] = order;
  if (!first || first.nulls === null) return [{ where: values ? beyondSql(order, values) : Prisma.sql`true`, order }];
  const { name } = columns[first.column];
  const known: OrderKey[] = [{ ...first, nulls: null }, ...rest];
  const [value, ...others] = values ?? [];
  const within = (is: Prisma.Sql, beyond: Prisma.Sql) => Prisma.sql`${name} ${is} and ${beyond}`;
  const [none, some] = [Prisma.sql`is null`, Prisma.sql`is not null`];
  // By the first key, too, although it is null in all of them: that is how an index has them.
  const nulls = (beyond: Prisma.Sql): Segment => ({ where: within(none, beyond), order: known });
  const filled = (beyond: Prisma.Sql): Segment => ({ where: within(some, beyond), order: known });
  const all = Prisma.sql`true`;
  if (!values) return first.nulls === 'first' ? [nulls(all), filled(all)] : [filled(all), nulls(all)];
  if (value == null) {
    const remaining = nulls(beyondSql(rest, others));
    return first.nulls === 'first' ? [remaining, filled(all)] : [remaining];
  }
  const remaining = filled(beyondSql(known, values));
  return first.nulls === 'first' ? [remaining] : [remaining, nulls(all)];
}

/**
 * Rows that come after the one with these values. Where no key can be null and all go one way it is a comparison of rows, which an
 * index serves at any depth; else the keys are taken one after the other, with the first by itself in front, which bounds the scan.
 */
function beyondSql(order: readonly OrderKey[], values: readonly (string | null)[]): Prisma.Sql {
  const keys = order.map((key, index) => ({ ...key, ...columns[key.column], value: values[index] ?? null }));
  const [first] = keys;
  if (first && keys.every(({ nulls, descending }) => nulls === null && descending === first.descending)) {
    const names = Prisma.join(keys.map(({ name }) => name));
    const given = Prisma.join(keys.map(({ value, type }) => Prisma.sql`${value}::${type}`));
    return Prisma.sql`(${names}) ${first.descending ? Prisma.sql`<` : Prisma.sql`>`} (${given})`;
  }
  const beyond = keys.map((key, index) =>
    Prisma.join([...keys.slice(0, index).map(equals), follows(key)], ' and ', '(', ')'),
  );
  const bound = first?.nulls === null ? Prisma.sql`${atLeast(first)} and ` : Prisma.empty;
  return Prisma.sql`${bound}(${Prisma.join(beyond, ' or ')})`;
}

type Key = OrderKey & { name: Prisma.Sql; type: Prisma.Sql; value: string | null };

function equals({ name, type, value }: Key): Prisma.Sql {
  return value === null ? Prisma.sql`${name} is null` : Prisma.sql`${name} = ${value}::${type}`;
}

function atLeast({ name, type, value, descending }: Key): Prisma.Sql {
  return Prisma.sql`${name} ${descending ? Prisma.sql`<=` : Prisma.sql`>=`} ${value}::${type}`;
}

function follows({ name, type, value, descending, nulls }: Key): Prisma.Sql {
  if (value === null) return nulls === 'first' ? Prisma.sql`${name} is not null` : Prisma.sql`false`;
  const further = Prisma.sql`${name} ${descending ? Prisma.sql`<` : Prisma.sql`>`} ${value}::${type}`;
  return nulls === 'last' ? Prisma.sql`(${further} or ${name} is null)` : further;
}
