import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { taskState } from '../domain/task.ts';
import { findProjects } from '../store/projects.ts';
import { findTasks } from '../store/tasks.ts';

/** POST /internal/task: what another subgraph's projection of tasks lacks. */
export const taskRoute = {
  path: '/internal/task',
  allow: ['comments', 'notifications'],
  input: z.strictObject({ id: idSchema }),

  /** The task as its events have it, with its version; null when there is none. */
  async handle({ id }: { id: string }, { prisma }: Pick<Deps, 'prisma'>) {
    const [task] = await findTasks(prisma, [id]);
    const [project] = task ? await findProjects(prisma, [task.projectId]) : [];
    return { task: task && project ? { ...taskState(project, task), version: task.version } : null };
  },
};
