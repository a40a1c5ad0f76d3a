import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findMembershipsOf } from '../store/memberships.ts';

/** POST /internal/memberships: all of a person's, for whom another subgraph's projection lacks one. */
export const membershipsRoute = {
  path: '/internal/memberships',
  input: z.strictObject({ userId: idSchema }),

  /** The memberships as their events have them, with their versions; what is not among them is none. */
  async handle({ userId }: { userId: string }, { prisma }: Pick<Deps, 'prisma'>) {
    const memberships = await findMembershipsOf(prisma, userId);
    return {
      memberships: memberships.map(({ workspaceId, role, version }) => ({ workspaceId, userId, role, version })),
    };
  },
};
