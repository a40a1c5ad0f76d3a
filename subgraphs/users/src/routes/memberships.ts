import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findKnownMemberships } from '../store/memberships.ts';

/** POST /internal/memberships: all of a person's, for whom another subgraph's projection lacks one. */
export const membershipsRoute = {
  path: '/internal/memberships',
  input: z.strictObject({ userId: idSchema }),

  /** The memberships as their events have them, with their versions, those that have ended too; what is not among them never was. */
  async handle({ userId }: { userId: string }, { prisma }: Pick<Deps, 'prisma'>) {
    return { memberships: await findKnownMemberships(prisma, userId) };
  },
};
