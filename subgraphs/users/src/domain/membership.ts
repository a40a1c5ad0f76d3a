import { refuse } from '#platform/errors.ts';
import { canAddMembers, canGrant, canSee, type Role } from './policy.ts';

/** A person in a workspace. */
export type Membership = {
  id: string;
  workspaceId: string;
  userId: string;
  role: Role;
  version: number;
  joinedAt: Date;
};

/**
 * May the viewer give somebody this role here? NOT_FOUND for whoever is not a member, FORBIDDEN for members without the
 * right. Asked before anything is looked up: strangers learn nothing about whom they name.
 */
export function requireMayAdd(viewerRole: Role | null, granted: Role): void {
  if (!canSee(viewerRole)) refuse('NOT_FOUND', 'There is no such workspace');
  if (!canAddMembers(viewerRole)) refuse('FORBIDDEN', 'Only owners and admins may add members');
  if (!canGrant(viewerRole, granted)) refuse('FORBIDDEN', 'Only owners may add owners');
}

/** The new membership, or the one that is there with the same role; ALREADY_MEMBER when that has another one. */
export function addMembership(
  existing: Membership | null,
  given: { id: string; workspaceId: string; userId: string; role: Role; now: Date },
): { outcome: 'added' | 'unchanged'; membership: Membership } {
  const { now, ...wanted } = given;
  if (!existing) return { outcome: 'added', membership: { ...wanted, version: 1, joinedAt: now } };
  if (existing.role !== wanted.role) refuse('ALREADY_MEMBER', 'This person is a member already, with another role');
  return { outcome: 'unchanged', membership: existing };
}
