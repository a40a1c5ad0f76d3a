import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findProjects } from '../store/projects.ts';

/** POST /internal/projects: what another subgraph's projection of projects lacks. */
export const projectsRoute = {
  path: '/internal/projects',
  input: z.strictObject({ ids: z.array(idSchema).max(100) }),

  /** The projects as their events have them, with their versions. The same query whether or not there are any. */
  async handle({ ids }: { ids: string[] }, { prisma }: Pick<Deps, 'prisma'>) {
    const projects = await findProjects(prisma, ids);
    return {
      projects: projects.map(({ id, workspaceId, key, name, version }) => ({ id, workspaceId, key, name, version })),
    };
  },
};
