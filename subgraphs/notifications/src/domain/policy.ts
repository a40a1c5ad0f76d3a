import type { Membership } from './membership.ts';

/** What somebody is in a workspace. */
export type Role = NonNullable<Membership['role']>;

/** Who may see what happens in a workspace: its members, guests among them. Null is: not a member. */
export function canSee(role: Role | null): role is Role {
  return role !== null;
}
