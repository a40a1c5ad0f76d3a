import { refuse } from '#platform/errors.ts';
import { canWrite, type Role } from './policy.ts';

/** What is kept of a workspace, as users has told it: nothing in an archived one is changed. */
export type Workspace = { id: string; archived: boolean; version: number };

/** FORBIDDEN, in these words, for whoever may not write here; WORKSPACE_ARCHIVED for whoever might if it were in use. */
export function requireMayWrite(role: Role | null, archived: boolean, forbidden: string): void {
  if (canWrite(role, archived)) return;
  if (canWrite(role, false)) refuse('WORKSPACE_ARCHIVED', 'This workspace is archived');
  refuse('FORBIDDEN', forbidden);
}
