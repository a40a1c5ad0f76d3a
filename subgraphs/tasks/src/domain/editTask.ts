import { isDeepStrictEqual } from 'node:util';
import { refuseInput } from '#platform/errors.ts';
import type { Role } from './policy.ts';
import { requireAssignable, requireInOrder, type Task, type TaskDetails } from './task.ts';

/** The fields of a task that updateTask can set. */
export type TaskFields = TaskDetails & Pick<Task, 'assigneeId'>;

/** What a client wants changed: a field that is left out stays. */
export type TaskEdit = { [Field in keyof TaskFields]?: TaskFields[Field] | undefined };

/** The fields that one event changed, before and after. */
export type Changes = Record<string, { from: unknown; to: unknown }>;

/** One field that both sides changed. */
export type FieldConflict = { field: keyof TaskFields; base: unknown; theirs: unknown; yours: unknown };

/** What becomes of an edit. */
export type EditDecision =
  | { outcome: 'changed'; task: Task; changes: Changes }
  | { outcome: 'unchanged'; task: Task }
  | { outcome: 'conflict'; task: Task; conflicts: FieldConflict[] };

/**
 * Merges an edit into a task that others may have changed since the client saw it: a three-way merge, field by field.
 *
 * The base is the value at the version that the client saw. A value equal to the base is no edit, a value equal to the
 * current one has nothing to do, and a field that only the client changed is set. A field that both changed, to different
 * values, is a conflict: then nothing is. Where the history has lost the version that the client saw, nothing is known of
 * the base: every value other than the current one is a conflict, with null for the base.
 *
 * @param current the task as it is now, locked
 * @param seen the version that the client saw; below 1 or above the current one it is BAD_USER_INPUT
 * @param since the changes of each later version, the oldest first; null when the version that the client saw is lost
 */
export function editTask(
  current: Task,
  seen: number,
  edit: TaskEdit,
  since: readonly Changes[] | null,
  now: Date,
): EditDecision {
  if (seen < 1 || seen > current.version) {
    refuseInput([{ path: ['input', 'version'], message: `The task has the versions 1 to ${current.version}.` }]);
  }
  const changes: Changes = {};
  const conflicts: FieldConflict[] = [];
  for (const [field, yours] of Object.entries(edit) as [keyof TaskFields, TaskFields[keyof TaskFields] | undefined][]) {
    const theirs = current[field];
    const firstChange = since?.find((change) => Object.hasOwn(change, field));
    const base = since === null ? null : firstChange ? firstChange[field]?.from : theirs;
    if (yours === undefined || isDeepStrictEqual(yours, base) || isDeepStrictEqual(yours, theirs)) continue;
    if (isDeepStrictEqual(base, theirs)) changes[field] = { from: theirs, to: yours };
    else conflicts.push({ field, base, theirs, yours });
  }
  if (conflicts.length > 0) return { outcome: 'conflict', task: current, conflicts };
  const edited = Object.fromEntries(
    Object.entries(changes).map(([field, { to }]) => [field, to]),
  ) as Partial<TaskFields>;
  if (Object.keys(edited).length === 0) return { outcome: 'unchanged', task: current };
  return { outcome: 'changed', task: { ...current, ...edited, version: current.version + 1, updatedAt: now }, changes };
}

/**
 * BAD_USER_INPUT when an edit that goes through would leave the task wrong: given to somebody who is no member, or begun after it
 * is due, be it that the other date is somebody else's edit. What the edit leaves alone is not looked at.
 *
 * @param assigneeRole what the assignee in the edit is in the workspace
 */
export function requireSound({ task, changes }: { task: Task; changes: Changes }, assigneeRole: Role | null): void {
  if (changes.assigneeId && task.assigneeId !== null) requireAssignable(assigneeRole);
  if (changes.start || changes.due) requireInOrder(task, Object.keys(changes));
}
