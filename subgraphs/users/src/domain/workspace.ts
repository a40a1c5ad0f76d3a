import type { Membership } from './membership.ts';

/** A team's place. */
export type Workspace = { id: string; name: string; version: number; createdAt: Date };

/** A new workspace, and its maker's membership: an owner from the first moment on. */
export function newWorkspace(given: { id: string; name: string; ownerId: string; membershipId: string; now: Date }): {
  workspace: Workspace;
  membership: Membership;
} {
  const { id, name, ownerId, membershipId, now } = given;
  return {
    workspace: { id, name, version: 1, createdAt: now },
    membership: { id: membershipId, workspaceId: id, userId: ownerId, role: 'OWNER', version: 1, joinedAt: now },
  };
}
