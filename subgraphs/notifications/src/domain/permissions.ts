import { canSee, type Role } from './policy.ts';

/** What the policy decides, in words: docs/permissions.md is rendered from it. */
export const permissions: Record<string, (role: Role | null) => boolean> = {
  'Be told of what happens, and follow it live': canSee,
};
