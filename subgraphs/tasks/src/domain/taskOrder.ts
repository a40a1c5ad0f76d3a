import { z } from 'zod';
import { refuseInput } from '#platform/errors.ts';
import type { TaskOrder, TaskOrderField } from '../generated/resolvers.ts';
import { prioritySchema, statusSchema, type Task } from './task.ts';
import { isDay } from './taskDate.ts';

const day = z.string().refine(isDay);
const instant = z.iso.datetime().refine((value) => isDay(value.slice(0, 10)));
const int = z.string().regex(/^\d{1,9}$/);
const text = z.string().refine((value) => !/[\0\p{Cs}]/u.test(value));

/** What tasks are ordered by: what a cursor holds of each, and how that is read. */
export const orderColumns = {
  number: { of: (task: Task) => String(task.number), schema: int },
  title: { of: (task: Task) => task.title, schema: text },
  status: { of: (task: Task) => task.status, schema: statusSchema },
  priority: { of: (task: Task) => task.priority, schema: prioritySchema },
  startOn: { of: (task: Task) => task.start?.date ?? null, schema: day.nullable() },
  startAt: { of: (task: Task) => task.start?.at ?? null, schema: instant.nullable() },
  dueOn: { of: (task: Task) => task.due?.date ?? null, schema: day.nullable() },
  dueAt: { of: (task: Task) => task.due?.at ?? null, schema: instant.nullable() },
  estimate: { of: (task: Task) => (task.estimate === null ? null : String(task.estimate)), schema: int.nullable() },
  createdAt: { of: (task: Task) => task.createdAt.toISOString(), schema: instant },
  updatedAt: { of: (task: Task) => task.updatedAt.toISOString(), schema: instant },
  id: { of: (task: Task) => task.id, schema: z.uuid() },
} satisfies Record<string, { of: (task: Task) => string | null; schema: z.ZodType<string | null> }>;

export type OrderColumn = keyof typeof orderColumns;

/** Whose tasks are listed. */
export type TaskParent = 'project' | 'workspace';

/** One key of an order. `nulls` is where those without a value are, null for what always has one. */
export type OrderKey = { column: OrderColumn; descending: boolean; nulls: 'first' | 'last' | null };

const MOST_KEYS = 5;

const newestFirst: Record<TaskParent, OrderKey[]> = {
  // Unique in a project, and in the order of creation.
  project: [{ column: 'number', descending: true, nulls: null }],
  workspace: [
    { column: 'createdAt', descending: true, nulls: null },
    { column: 'id', descending: true, nulls: null },
  ],
};

const columnsOf: Record<TaskOrderField, [OrderColumn, OrderColumn?]> = {
  NUMBER: ['number'],
  TITLE: ['title'],
  STATUS: ['status'],
  PRIORITY: ['priority'],
  START: ['startOn', 'startAt'],
  DUE: ['dueOn', 'dueAt'],
  ESTIMATE: ['estimate'],
  CREATED_AT: ['createdAt'],
  UPDATED_AT: ['updatedAt'],
};

/** The keys of an order, the id last, which makes it total. BAD_USER_INPUT for what contradicts itself. */
export function parseTaskOrder(orderBy: readonly TaskOrder[], parent: TaskParent): OrderKey[] {
  if (orderBy.length === 0) return newestFirst[parent];
  if (orderBy.length > MOST_KEYS) refuseInput([{ path: ['orderBy'], message: `More than ${MOST_KEYS} keys` }]);
  const keys = orderBy.flatMap(({ field, direction, nulls }, index): OrderKey[] => {
    const refused = (name: string, message: string) =>
      refuseInput([{ path: ['orderBy', String(index), name], message }]);
    if (orderBy.findIndex((one) => one.field === field) < index) refused('field', 'Is there already');
    const [column, time] = columnsOf[field];
    const descending = direction === 'DESC';
    if (!orderColumns[column].schema.safeParse(null).success) {
      return nulls ? refused('nulls', `Every task has a ${field}`) : [{ column, descending, nulls: null }];
    }
    const first: OrderKey = { column, descending, nulls: nulls === 'FIRST' ? 'first' : 'last' };
    return time ? [first, { column: time, descending, nulls: descending ? 'first' : 'last' }] : [first];
  });
  return [...keys, { column: 'id', descending: keys.at(-1)?.descending === true, nulls: null }];
}

/** The same order from its end. */
export function reversed(keys: readonly OrderKey[]): OrderKey[] {
  const turned = { first: 'last', last: 'first' } as const;
  return keys.map(({ column, descending, nulls }) => ({
    ...{ column, descending: !descending },
    nulls: nulls && turned[nulls],
  }));
}
