import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import type { Deps } from '../deps.ts';
import { findMemberships, type MembershipKey } from '../store/memberships.ts';

/** POST /internal/membership: what another subgraph's projection of memberships lacks. */
export const membershipRoute = {
  path: '/internal/membership',
  input: z.strictObject({ workspaceId: idSchema, userId: idSchema }),

  /** The membership as its events have it, with its version; null when there is none. */
  async handle(key: MembershipKey, { prisma }: Pick<Deps, 'prisma'>) {
    const [membership] = await findMemberships(prisma, [key]);
    if (!membership) return { membership: null };
    const { workspaceId, userId, role, version } = membership;
    return { membership: { workspaceId, userId, role, version } };
  },
};
