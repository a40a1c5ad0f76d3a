import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { listProjectsBy } from '../store/projects.ts';
import { listTasksOf } from '../store/tasks.ts';

const PAGE = 500;

/**
 * POST /internal/written: what somebody made here, or has to do, a page at a time. For users, whose members download their data.
 * `workspaceIds`: the workspaces that they are in, which users knows best. In others people go on writing: of these it says
 * which there are and since when, and nothing else.
 */
export const writtenRoute = {
  path: '/internal/written',
  allow: ['users'],
  input: z.strictObject({ userId: idSchema, workspaceIds: z.array(idSchema), after: idSchema.nullable() }),

  /** The projects, on the first page, and the tasks in the order of their ids; `after` leads to the next page. */
  async handle({ userId, workspaceIds, after }: Input, { prisma }: Pick<Deps, 'prisma'>) {
    const isIn = new Set(workspaceIds);
    const tasks = await listTasksOf(prisma, userId, { after, limit: PAGE });
    const projects = after === null ? await listProjectsBy(prisma, userId) : [];
    const lists = {
      projects: projects.map((one) => (isIn.has(one.workspaceId) ? one : outline(one))),
      tasks: tasks.map((one) => (isIn.has(one.workspaceId) ? one : { ...outline(one), projectId: one.projectId })),
    };
    return { lists, after: tasks.length === PAGE ? (tasks.at(-1)?.id ?? null) : null };
  },
};

type Input = { userId: string; workspaceIds: readonly string[]; after: string | null };

function outline({ id, workspaceId, createdAt }: { id: string; workspaceId: string; createdAt: Date }) {
  return { id, workspaceId, createdAt };
}
