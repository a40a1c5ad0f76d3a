/** What somebody is in a workspace. */
export type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST';

/** Who may see a workspace's projects and tasks: its members, guests among them. Null is: not a member. */
export function canSee(role: Role | null): role is Role {
  return role !== null;
}

/** Who may create projects, create tasks and change them: every member but a guest; nobody in an archived workspace. */
export function canWrite(role: Role | null, archived: boolean): boolean {
  return !archived && (role === 'OWNER' || role === 'ADMIN' || role === 'MEMBER');
}
