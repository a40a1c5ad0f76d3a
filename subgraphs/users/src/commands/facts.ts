import type { EndedMembership, Membership } from '../domain/membership.ts';
import type { Workspace } from '../domain/workspace.ts';

/** The fact of a membership, or of its end, as MembershipChanged carries it. */
export function membershipFact(membership: Membership | EndedMembership, actorId: string) {
  const { id, workspaceId, userId, version } = membership;
  const role = 'role' in membership ? membership.role : null;
  return { aggregateId: id, version, actorId, data: { membership: { workspaceId, userId, role } } };
}

/** The fact of a workspace, as WorkspaceChanged carries it. */
export function workspaceFact({ id, name, archivedAt, version }: Workspace, actorId: string) {
  return { aggregateId: id, version, actorId, data: { workspace: { id, name, archived: archivedAt !== null } } };
}
