import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findWorkspaces } from '../store/workspaces.ts';

/** POST /internal/workspaces: what another subgraph's projection of workspaces lacks. */
export const workspacesRoute = {
  path: '/internal/workspaces',
  input: z.strictObject({ ids: z.array(idSchema).max(100) }),

  /** The workspaces as their events have them, with their versions; what is not among them is not there. */
  async handle({ ids }: { ids: string[] }, { prisma }: Pick<Deps, 'prisma'>) {
    const workspaces = await findWorkspaces(prisma, ids);
    return {
      workspaces: workspaces.map(({ id, name, archivedAt, version }) => ({
        ...{ id, name, version },
        archived: archivedAt !== null,
      })),
    };
  },
};
