import { canSee, canWrite, type Role } from './policy.ts';

/** What the policy decides, in words: docs/permissions.md is rendered from it. */
export const permissions: Record<string, (role: Role | null) => boolean> = {
  'See projects and tasks, be assigned to one': canSee,
  'Create projects and tasks, change tasks': (role) => canWrite(role, false),
  'The same in an archived workspace': (role) => canWrite(role, true),
};
