import type { Membership } from './membership.ts';

/** What somebody is in a workspace. */
export type Role = NonNullable<Membership['role']>;

/** Who may see a workspace's tasks and their comments: its members, guests among them. Null is: not a member. */
export function canSee(role: Role | null): role is Role {
  return role !== null;
}

/** Who may comment on a task: whoever may see it, guests too; nobody in an archived workspace. */
export function canComment(role: Role | null, archived: boolean): boolean {
  return canSee(role) && !archived;
}
