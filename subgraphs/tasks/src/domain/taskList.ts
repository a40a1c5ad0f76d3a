import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refuseInput } from '#platform/errors.ts';
import { parseInput } from '#platform/input.ts';
import { type Page, parsePage } from '#platform/pages.ts';
import type { TaskFilter, TaskOrder } from '../generated/resolvers.ts';
import { dayIn, timeZoneSchema } from './taskDate.ts';
import { type Condition, parseTaskFilter } from './taskFilter.ts';
import { type OrderKey, orderColumns, parseTaskOrder, type TaskParent } from './taskOrder.ts';

/** A page of a list of tasks. `after`: the keys of the row that it begins beyond, each as JSON, in the list's direction. */
export type TaskList = Page & {
  parent: TaskParent;
  condition: Condition | null;
  order: OrderKey[];
  /** Whether a client's filter or order is in it: there may be any number of those. */
  composed: boolean;
  /** From the end of the list, with `last` and `before`. */
  backward: boolean;
  /** What the cursors of this list say that they are of. */
  identity: string;
  /** What `overdue` and `within` go by. */
  clock: { now: Date; today: string };
};

/** The arguments of a field that lists tasks. */
export type TaskListArguments = {
  filter?: TaskFilter | null | undefined;
  orderBy?: readonly TaskOrder[] | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  timeZone?: string | null | undefined;
};

/**
 * Reads the arguments of a list of tasks; BAD_USER_INPUT for what is wrong or contradicts itself. A cursor is good for the parent,
 * filter and order that made it: it carries a hash of them.
 */
export function parseTaskList(
  args: TaskListArguments,
  given: { parent: TaskParent; parentId: string; userId: string; now: Date },
): TaskList {
  const { first, after, last, before } = args;
  const { parent, parentId, userId, now } = given;
  const backward = last != null || before != null;
  const refused = (name: string, message: string) => refuseInput([{ path: [name], message }]);
  if (first != null && last != null) refused('last', 'Goes not together with first');
  if (after != null && backward) refused('after', 'Goes with first');
  if (before != null && last == null) refused('before', 'Goes with last');

  const timeZone = parseInput(timeZoneSchema, args.timeZone ?? 'UTC', ['timeZone']);
  const condition = args.filter ? parseTaskFilter(args.filter, userId) : null;
  const order = parseTaskOrder(args.orderBy ?? [], parent);
  const identity = `tasks ${digest([parent, parentId, condition, order, timeZone])}`;
  const keys = z.array(z.string()).refine((texts) => keysOf(order, texts) !== null);
  const page = backward
    ? renamed({ first: 'last', after: 'before' }, () => parsePage({ first: last, after: before }, identity, keys))
    : parsePage({ first, after }, identity, keys);
  const clock = { now, today: dayIn(timeZone, now) ?? now.toISOString().slice(0, 10) };
  const ordering = digest([parent, condition, order, clock.today, backward]);
  const composed = condition !== null || (args.orderBy?.length ?? 0) > 0;
  return { ...page, ordering, parent, condition, order, composed, backward, identity, clock };
}

/** What the keys of a cursor hold, in the order's order; null when they are none of it. */
export function keysOf(order: readonly OrderKey[], texts: readonly string[]): (string | null)[] | null {
  if (texts.length !== order.length) return null;
  const read = order.map(({ column }, index) => {
    try {
      return orderColumns[column].schema.safeParse(JSON.parse(texts[index] ?? ''));
    } catch {
      return { success: false as const };
    }
  });
  const values = read.flatMap((one) => (one.success ? [one.data ?? null] : []));
  return values.length === order.length ? values : null;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** parsePage knows its arguments as first and after. */
function renamed<Result>(names: Record<string, string>, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const fields = (error as { extensions?: { fields?: { path: string[]; message: string }[] } }).extensions?.fields;
    if (!fields) throw error;
    return refuseInput(fields.map(({ path, message }) => ({ path: path.map((name) => names[name] ?? name), message })));
  }
}
