import { canComment, canSee, type Role } from './policy.ts';

/** What the policy decides, in words: docs/permissions.md is rendered from it. */
export const permissions: Record<string, (role: Role | null) => boolean> = {
  'See the comments on a task': canSee,
  'Comment on a task': (role) => canComment(role, false),
  'The same in an archived workspace': (role) => canComment(role, true),
};
