import type { Role } from './policy.ts';

/** Which membership is meant. */
export type MembershipKey = { workspaceId: string; userId: string };

/** Somebody's place in a workspace, as users has told it: `role` is null once the person is no longer a member. */
export type Membership = MembershipKey & { role: Role | null; version: number };
