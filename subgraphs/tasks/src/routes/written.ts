import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { listProjectsBy } from '../store/projects.ts';
import { listTasksOf } from '../store/tasks.ts';

const PAGE = 500;

/** POST /internal/written: what somebody made here, or has to do, a page at a time. For users, whose members download their data. */
export const writtenRoute = {
  path: '/internal/written',
  allow: ['users'],
  input: z.strictObject({ userId: idSchema, after: idSchema.nullable() }),

  /** The projects, on the first page, and the tasks in the order of their ids; `after` leads to the next page. */
  async handle({ userId, after }: { userId: string; after: string | null }, { prisma }: Pick<Deps, 'prisma'>) {
    const tasks = await listTasksOf(prisma, userId, { after, limit: PAGE });
    const projects = after === null ? await listProjectsBy(prisma, userId) : [];
    return { lists: { projects, tasks }, after: tasks.length === PAGE ? (tasks.at(-1)?.id ?? null) : null };
  },
};
