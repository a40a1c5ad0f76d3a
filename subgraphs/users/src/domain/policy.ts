/** What somebody is in a workspace. */
export type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST';

/** Every role, the most powerful first. */
export const roles: readonly Role[] = ['OWNER', 'ADMIN', 'MEMBER', 'GUEST'];

const isOwner = (role: Role | null) => role === 'OWNER';
const manages = (role: Role | null) => role === 'OWNER' || role === 'ADMIN';

/** Who may see a workspace and its members: its members, guests among them. Null is: not a member. */
export function canSee(role: Role | null): role is Role {
  return role !== null;
}

/** Who may give a workspace another name: owners and admins. */
export function canRename(role: Role | null): boolean {
  return manages(role);
}

/** Who may archive a workspace, and restore it: its owners. */
export function canArchive(role: Role | null): boolean {
  return isOwner(role);
}

/** Who may add members, invite people, and see and revoke invitations: owners and admins. */
export function canAddMembers(role: Role | null): boolean {
  return manages(role);
}

/** Who may give somebody a role: whoever may add members, but only owners make owners. */
export function canGrant(role: Role | null, granted: Role): boolean {
  return granted === 'OWNER' ? isOwner(role) : canAddMembers(role);
}

/** The roles that somebody with this one may not give: invitations into these don't outlive the right to make them. */
export function rolesBeyond(role: Role | null): Role[] {
  return roles.filter((granted) => !canGrant(role, granted));
}

/** Who may change a member's role: whoever may give both the old one and the new one. So only owners touch owners. */
export function canChangeRole(role: Role | null, from: Role, to: Role): boolean {
  return canGrant(role, from) && canGrant(role, to);
}

/** Who may remove a member: whoever may give that role. */
export function canRemove(role: Role | null, removed: Role): boolean {
  return canGrant(role, removed);
}

/** Who may leave: every member; the last owner makes another one first. */
export function canLeave(role: Role | null): boolean {
  return canSee(role);
}

/** Who may hand a workspace over to another member: its owners. */
export function canTransferOwnership(role: Role | null): boolean {
  return isOwner(role);
}

/** Who may see who did what in a workspace, and from where: owners and admins. */
export function canSeeAuditLog(role: Role | null): boolean {
  return manages(role);
}
