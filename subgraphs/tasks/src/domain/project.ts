import { refuse } from '#platform/errors.ts';
import { canSee, type Role } from './policy.ts';
import { requireMayWrite } from './workspace.ts';

/** Tasks that belong together. */
export type Project = {
  id: string;
  workspaceId: string;
  /** `WEB`; unique in the workspace. */
  key: string;
  name: string;
  creatorId: string;
  version: number;
  createdAt: Date;
};

/**
 * A new project, or a refusal: NOT_FOUND for whoever is not a member of the workspace, FORBIDDEN for guests,
 * WORKSPACE_ARCHIVED.
 */
export function newProject(given: {
  id: string;
  workspaceId: string;
  key: string;
  name: string;
  creatorId: string;
  role: Role | null;
  /** Whether the workspace is archived. */
  archived: boolean;
  now: Date;
}): Project {
  const { role, archived, now, ...project } = given;
  if (!canSee(role)) refuse('NOT_FOUND', 'There is no such workspace');
  requireMayWrite(role, archived, 'Guests may not create projects');
  return { ...project, version: 1, createdAt: now };
}
