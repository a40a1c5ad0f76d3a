import { z } from 'zod';
import { TaskState } from '#events/tasks.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createReadThrough, type ReadThrough } from '#platform/projection/createReadThrough.ts';
import type { Task } from './domain/task.ts';
import type { Database } from './store/database.ts';
import { findTasks, tasks as projection } from './store/tasks.ts';

const answerSchema = z.object({ task: TaskState.extend({ version: z.int() }).nullable() });

/** The projection of tasks' tasks, which asks tasks for what it lacks. */
export type Tasks = ReadThrough<Database, string, Task>;

/**
 * Tasks out of the projection; tasks is asked for one that has not arrived yet (addComment right after createTask). That one
 * may be behind does not matter: nothing that decides over access ever changes.
 * Throws SERVICE_UNAVAILABLE when tasks had to be asked and couldn't be.
 */
export function createTasks(tasks: GuardedClient): Tasks {
  return createReadThrough({
    keyOf: (id) => id,
    find: findTasks,
    ask: async (id) => (await tasks.call('/internal/task', { id }, answerSchema)).task,
    keep: projection.keep,
  });
}
