import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { taskState } from '../domain/task.ts';
import { findProjects } from '../store/projects.ts';
import { findTasks } from '../store/tasks.ts';

/** POST /internal/tasks: what another subgraph's projection of tasks lacks. */
export const tasksRoute = {
  path: '/internal/tasks',
  input: z.strictObject({ ids: z.array(idSchema).max(100) }),

  /** The tasks as their events have them, with their versions. The same two queries whether or not there are any. */
  async handle({ ids }: { ids: string[] }, { prisma }: Pick<Deps, 'prisma'>) {
    const tasks = await findTasks(prisma, ids);
    const projects = await findProjects(
      prisma,
      tasks.map((task) => task.projectId),
    );
    const projectOf = new Map(projects.map((project) => [project.id, project]));
    return {
      tasks: tasks.flatMap((task) => {
        const project = projectOf.get(task.projectId);
        return project ? [{ ...taskState(project, task), version: task.version }] : [];
      }),
    };
  },
};
