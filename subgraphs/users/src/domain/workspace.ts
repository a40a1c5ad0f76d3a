import { refuse } from '#platform/errors.ts';
import type { Membership } from './membership.ts';

/** A team's place. */
export type Workspace = {
  id: string;
  name: string;
  version: number;
  createdAt: Date;
  /** Since when nothing of it may be changed; null while it is in use. */
  archivedAt: Date | null;
};

/** A new workspace, and its maker's membership: an owner from the first moment on. */
export function newWorkspace(given: { id: string; name: string; ownerId: string; membershipId: string; now: Date }): {
  workspace: Workspace;
  membership: Membership;
} {
  const { id, name, ownerId, membershipId, now } = given;
  return {
    workspace: { id, name, version: 1, createdAt: now, archivedAt: null },
    membership: { id: membershipId, workspaceId: id, userId: ownerId, role: 'OWNER', version: 1, joinedAt: now },
  };
}

/** WORKSPACE_ARCHIVED for an archived workspace. */
export function requireInUse({ archivedAt }: Pick<Workspace, 'archivedAt'>): void {
  if (archivedAt) refuse('WORKSPACE_ARCHIVED', 'This workspace is archived');
}

/** The workspace under another name; the same one when it has that name already. */
export function renamed(workspace: Workspace, name: string): Workspace {
  return name === workspace.name ? workspace : { ...workspace, name, version: workspace.version + 1 };
}

/** The workspace archived since `archivedAt`, or in use again; the same one when it is so already. */
export function archived(workspace: Workspace, archivedAt: Date | null): Workspace {
  if ((workspace.archivedAt === null) === (archivedAt === null)) return workspace;
  return { ...workspace, archivedAt, version: workspace.version + 1 };
}
