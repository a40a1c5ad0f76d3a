import { refuse } from '#platform/errors.ts';
import { canAddMembers, canChangeRole, canGrant, canRemove, canSee, type Role } from './policy.ts';

/** A person in a workspace. */
export type Membership = {
  id: string;
  workspaceId: string;
  userId: string;
  role: Role;
  version: number;
  joinedAt: Date;
};

/** A membership that is no more. Its id and versions go on should the person come back. */
export type EndedMembership = Omit<Membership, 'role' | 'joinedAt'>;

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
  ended: EndedMembership | null,
  given: { id: string; workspaceId: string; userId: string; role: Role; now: Date },
): { outcome: 'added' | 'unchanged'; membership: Membership } {
  const { now, ...wanted } = given;
  if (!existing) {
    const { id = wanted.id, version = 0 } = ended ?? {};
    return { outcome: 'added', membership: { ...wanted, id, version: version + 1, joinedAt: now } };
  }
  if (existing.role !== wanted.role) refuse('ALREADY_MEMBER', 'This person is a member already, with another role');
  return { outcome: 'unchanged', membership: existing };
}

/** The membership with another role, as a viewer with this role makes it; FORBIDDEN without the right, LAST_OWNER. */
export function changeRole(
  viewerRole: Role,
  membership: Membership,
  role: Role,
  { owners }: { owners: number },
): Membership {
  if (!canChangeRole(viewerRole, membership.role, role)) refuse('FORBIDDEN', 'You may not change this role');
  if (role === membership.role) return membership;
  requireOwnerLeft(membership, owners);
  return { ...membership, role, version: membership.version + 1 };
}

/** The end of a membership by somebody with this role; FORBIDDEN without the right, LAST_OWNER. */
export function removeMembership(
  viewerRole: Role,
  membership: Membership,
  { owners }: { owners: number },
): EndedMembership {
  if (!canRemove(viewerRole, membership.role)) refuse('FORBIDDEN', 'You may not remove this member');
  return endMembership(membership, { owners });
}

/** The end of a membership by the person, who may always leave; but LAST_OWNER. */
export function endMembership(membership: Membership, { owners }: { owners: number }): EndedMembership {
  requireOwnerLeft(membership, owners);
  const { id, workspaceId, userId, version } = membership;
  return { id, workspaceId, userId, version: version + 1 };
}

/** The workspace handed over: the other member is an owner, the viewer an admin. The same again changes nothing. */
export function transferOwnership(from: Membership, to: Membership): Membership[] {
  const promoted: Membership[] = to.role === 'OWNER' ? [] : [{ ...to, role: 'OWNER', version: to.version + 1 }];
  return [...promoted, { ...from, role: 'ADMIN', version: from.version + 1 }];
}

function requireOwnerLeft({ role }: Membership, owners: number): void {
  if (role === 'OWNER' && owners === 1) refuse('LAST_OWNER', 'A workspace has an owner: make somebody else one first');
}
