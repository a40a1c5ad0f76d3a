import { refuseInput } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import type { TaskFilter } from '../generated/resolvers.ts';
import { prioritySchema } from './task.ts';
import { isDay } from './taskDate.ts';

/** The fields that a filter compares, and what they hold. */
export const filterFields = {
  id: 'id',
  projectId: 'id',
  number: 'int',
  title: 'text',
  description: 'text',
  status: 'status',
  priority: 'priority',
  creatorId: 'user',
  assigneeId: 'user',
  start: 'day',
  due: 'day',
  estimate: 'int',
  createdAt: 'instant',
  updatedAt: 'instant',
} as const;

export type FilterField = keyof typeof filterFields;
export type FilterKind = (typeof filterFields)[FilterField];

/** How a field is compared: with one value, or with a list of them. */
export type Comparison =
  | { operator: 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte'; value: string | number }
  | { operator: 'in' | 'notIn'; value: (string | number)[] }
  | { operator: 'contains' | 'within'; value: string }
  | { operator: 'isNull'; value: boolean };

/** A filter that was checked: `me` is an id in it, and instants are texts. */
export type Condition =
  | { is: 'all' | 'any'; of: Condition[] }
  | { is: 'not'; of: Condition }
  | { is: 'overdue' }
  | ({ is: 'compare'; field: FilterField } & Comparison);

const MOST_DEEP = 10;
const MOST_COMPARISONS = 200;
const MOST_CHARACTERS = 500;

/** ISO 8601, whole days, and little enough for Postgres to add. */
const duration = /^P(?=\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/;

/**
 * Checks what the types of GraphQL don't: ids, texts, durations, nulls, reversed ranges, depth and size. BAD_USER_INPUT, with the path.
 *
 * @param userId who `me` is
 */
export function parseTaskFilter(filter: TaskFilter, userId: string, path = ['filter']): Condition {
  let comparisons = 0;

  function count(at: string[], more: number) {
    comparisons += more;
    if (comparisons > MOST_COMPARISONS) refused(at, `More than ${MOST_COMPARISONS} comparisons`);
  }

  function read(from: TaskFilter, at: string[], depth: number): Condition {
    if (depth > MOST_DEEP) refused(at, `Is nested more than ${MOST_DEEP} deep`);
    const of = Object.entries(from).flatMap(([name, value]): Condition | Condition[] => {
      const here = [...at, name];
      if (value == null) return refused(here, 'Null is no condition; leave it out, or use isNull');
      if (name === 'not') return { is: 'not', of: read(value as TaskFilter, here, depth + 1) };
      if (name === 'and' || name === 'or') {
        const parts = value as TaskFilter[];
        return {
          is: name === 'and' ? 'all' : 'any',
          of: parts.map((part, index) => read(part, [...here, String(index)], depth + 1)),
        };
      }
      if (name === 'overdue') {
        count(here, 1);
        return value === true ? { is: 'overdue' } : { is: 'not', of: { is: 'overdue' } };
      }
      return compare(name as FilterField, value as Record<string, unknown>, here);
    });
    return of.length === 1 && of[0] ? of[0] : { is: 'all', of };
  }

  function compare(field: FilterField, comparator: Record<string, unknown>, at: string[]): Condition[] {
    const kind = filterFields[field];
    const parsed = Object.entries(comparator).map(([operator, raw]): Condition => {
      const here = [...at, operator];
      if (raw == null) refused(here, 'Null is no condition; leave it out, or use isNull');
      count(here, Array.isArray(raw) ? Math.max(raw.length, 1) : 1);
      const value = Array.isArray(raw)
        ? raw.map((one, index) => readValue(kind, operator, one, userId, [...here, String(index)]))
        : readValue(kind, operator, raw, userId, here);
      return { is: 'compare', field, operator, value } as Condition;
    });
    refuseReversed(kind, parsed as ({ is: 'compare' } & Comparison)[], at);
    return parsed;
  }

  return read(filter, path, 1);
}

function readValue(kind: FilterKind, operator: string, raw: unknown, userId: string, at: string[]) {
  if (typeof raw === 'boolean' || typeof raw === 'number') return raw;
  if (raw instanceof Date) {
    const instant = raw.toISOString();
    return isDay(instant.slice(0, 10)) ? instant : refused(at, 'Must be from 1900 to 9999');
  }
  const text = String(raw);
  if (operator === 'within') return duration.test(text) ? text : refused(at, 'Must be a duration of days, like P7D');
  if (kind === 'user' && text === 'me') return userId;
  if (kind === 'id' || kind === 'user') {
    return idSchema.safeParse(text).data ?? refused(at, kind === 'user' ? 'Must be a UUID, or me' : 'Must be a UUID');
  }
  if (kind === 'text' && ([...text].length > MOST_CHARACTERS || /[\0\p{Cs}]/u.test(text))) {
    return refused(at, `Must be at most ${MOST_CHARACTERS} characters`);
  }
  if (operator === 'contains' && text === '') return refused(at, 'Must not be empty');
  return text;
}

/** A range that can't hold anything is a mistake, and would be hard to find in an empty list. */
function refuseReversed(kind: FilterKind, comparisons: ({ is: 'compare' } & Comparison)[], at: string[]) {
  const of = (operator: string) => comparisons.find((one) => one.operator === operator);
  for (const [strict, loose] of [
    ['gt', 'gte'],
    ['lt', 'lte'],
  ] as const) {
    if (of(strict) && of(loose)) refused([...at, loose], `Goes not together with ${strict}`);
  }
  const [lower, upper] = [of('gt') ?? of('gte'), of('lt') ?? of('lte')];
  if (!lower || !upper) return;
  const rank = (value: unknown) =>
    kind === 'priority' ? prioritySchema.options.indexOf(value as 'NONE') : (value as string | number);
  const [from, to] = [rank(lower.value), rank(upper.value)];
  const strict = lower.operator === 'gt' || upper.operator === 'lt';
  if (from > to || (from === to && strict)) refused([...at, upper.operator], 'The range is reversed');
}

function refused(path: string[], message: string): never {
  return refuseInput([{ path, message }]);
}
