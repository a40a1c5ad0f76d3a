import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findKnownMemberships, type MembershipKey } from '../store/memberships.ts';

/** POST /internal/membership: what another subgraph's projection of memberships lacks. */
export const membershipRoute = {
  path: '/internal/membership',
  input: z.strictObject({ workspaceId: idSchema, userId: idSchema }),

  /** The membership as its events have it, with its version: one that has ended has no role. Null when there never was one. */
  async handle(key: MembershipKey, { prisma }: Pick<Deps, 'prisma'>) {
    const [membership = null] = await findKnownMemberships(prisma, key.userId, key.workspaceId);
    return { membership };
  },
};
