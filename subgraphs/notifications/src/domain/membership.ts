import type { z } from 'zod';
import type { MembershipState } from '#events/users.ts';

/** Which membership is meant. */
export type MembershipKey = { workspaceId: string; userId: string };

/** Somebody's place in a workspace, as users has told it: `role` is null once the person is no longer a member. */
export type Membership = z.infer<typeof MembershipState> & { version: number };
