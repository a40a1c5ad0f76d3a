import { z } from 'zod';
import { ProjectState, TaskState } from '#events/tasks.ts';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { createMisses, type Misses } from '#platform/projection/createMisses.ts';
import type { Activity } from './domain/activity.ts';
import type { Place } from './domain/place.ts';
import type { Database } from './store/database.ts';
import { findProjects, findTasks, projects, tasks } from './store/places.ts';

const version = z.int();
const projectsSchema = z.object({ projects: z.array(ProjectState.extend({ version })) });
const tasksSchema = z.object({ tasks: z.array(TaskState.extend({ version })) });

/** Where the projects are, or the tasks: the projection, and tasks, which is asked for what that lacks. */
export type Places = {
  /** Out of the projection; null where it has none. */
  find(db: Database, id: string): Promise<Place | null>;
  /** As tasks has it now. Throws SERVICE_UNAVAILABLE when it can't be asked. */
  ask(id: string): Promise<Place | null>;
  /** Keeps one in the projection, unless that has the same version of it or a later one. */
  keep(db: Database, place: Place): Promise<unknown>;
  /** Who asked in vain for which: `<user> <id>`. */
  misses: Misses;
};

/** Both kinds of places; tasks is asked over a guarded call. */
export function createPlaces(client: GuardedClient): Record<Activity['subject'], Places> {
  return {
    PROJECT: {
      find: async (db, id) => (await findProjects(db, [id]))[0] ?? null,
      ask: async (id) => (await client.call('/internal/projects', { ids: [id] }, projectsSchema)).projects[0] ?? null,
      keep: projects.keep,
      misses: createMisses(),
    },
    TASK: {
      find: async (db, id) => (await findTasks(db, [id]))[0] ?? null,
      ask: async (id) => (await client.call('/internal/tasks', { ids: [id] }, tasksSchema)).tasks[0] ?? null,
      keep: tasks.keep,
      misses: createMisses(),
    },
  };
}
