/** What somebody is in a workspace. */
export type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST';

/** Who may see a workspace and its members: its members, guests among them. Null is: not a member. */
export function canSee(role: Role | null): role is Role {
  return role !== null;
}

/** Who may add members at all: owners and admins. */
export function canAddMembers(role: Role | null): boolean {
  return role === 'OWNER' || role === 'ADMIN';
}

/** Who may give somebody a role: whoever may add members, but only owners make owners. */
export function canGrant(role: Role | null, granted: Role): boolean {
  return granted === 'OWNER' ? role === 'OWNER' : canAddMembers(role);
}
