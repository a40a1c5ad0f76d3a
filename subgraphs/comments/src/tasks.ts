import { z } from 'zod';
import { TaskState } from '#events/tasks.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createMisses, type Misses } from '#platform/projection/createMisses.ts';
import type { Task } from './domain/task.ts';
import type { Database } from './store/database.ts';
import { tasks as projection } from './store/tasks.ts';

const answerSchema = z.object({ tasks: z.array(TaskState.extend({ version: z.int() })) });

/** What the projection of tasks' tasks lacks: addComment works right after createTask. */
export type Tasks = {
  /** Asks tasks for them; in the order of the ids, null where there is none. Throws SERVICE_UNAVAILABLE when it can't be asked. */
  ask(ids: readonly string[]): Promise<(Task | null)[]>;
  /** Keeps one in the projection, unless that has the same version of it or a later one. */
  keep(db: Database, task: Task): Promise<unknown>;
  /** Who asked in vain for which task: `<user> <task>`. */
  misses: Misses;
};

/** Asks tasks over a guarded call. */
export function createTasks(client: GuardedClient): Tasks {
  return {
    async ask(ids) {
      const { tasks } = await client.call('/internal/tasks', { ids }, answerSchema);
      const found = new Map(tasks.map((task) => [task.id, task]));
      return ids.map((id) => found.get(id) ?? null);
    },
    keep: projection.keep,
    misses: createMisses(),
  };
}
