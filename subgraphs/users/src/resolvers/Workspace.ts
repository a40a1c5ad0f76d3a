import { refuse } from '#platform/errors.ts';
import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { viewerRole, visibleWorkspace } from '../access.ts';
import type { Context } from '../context.ts';
import {
  canAddMembers,
  canArchive,
  canGrant,
  canLeave,
  canRename,
  canSeeAuditLog,
  canTransferOwnership,
  type Role,
  roles,
} from '../domain/policy.ts';
import type { Workspace as WorkspaceModel } from '../domain/workspace.ts';
import type { WorkspaceResolvers } from '../generated/resolvers.ts';
import { auditCursor, readAuditLogFilter } from '../store/auditEntries.ts';
import { invitationCursor, readInvitationFilter } from '../store/invitations.ts';
import { membershipCursor, readMemberFilter } from '../store/memberships.ts';

/** Whether the viewer may do something that only a workspace in use takes. */
const inUse =
  (can: (role: Role | null) => boolean) =>
  async ({ id, archivedAt }: WorkspaceModel, _args: unknown, context: Context): Promise<boolean> =>
    archivedAt === null && can(await viewerRole(context, id));

export const Workspace: WorkspaceResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleWorkspace(context, id) : null;
  },
  viewerRole: async ({ id }, _args, context) =>
    (await viewerRole(context, id)) ?? refuse('NOT_FOUND', 'There is no such workspace'),
  viewerCanRename: inUse(canRename),
  viewerCanArchive: inUse(canArchive),
  viewerCanRestore: async ({ id, archivedAt }, _args, context) =>
    archivedAt !== null && canArchive(await viewerRole(context, id)),
  viewerCanAddMembers: inUse(canAddMembers),
  viewerCanGrant: async ({ id, archivedAt }, _args, context) => {
    const role = await viewerRole(context, id);
    return archivedAt === null ? roles.filter((granted) => canGrant(role, granted)) : [];
  },
  viewerCanLeave: async ({ id }, _args, context) => {
    const role = await viewerRole(context, id);
    return canLeave(role) && !(role === 'OWNER' && (await context.loaders.owners.load(id)) === 1);
  },
  viewerCanTransferOwnership: inUse(canTransferOwnership),
  viewerCanSeeAuditLog: async ({ id }, _args, context) => canSeeAuditLog(await viewerRole(context, id)),
  members: async ({ id }, { filter, ...args }, { loaders }) => {
    const page = parsePage(args, membershipCursor.ordering, membershipCursor.schema);
    const members = await loaders.membersOfWorkspace(readMemberFilter(filter)).load({ parentId: id, page });
    return toConnection(members, page, membershipCursor.keys);
  },
  auditLog: async ({ id }, { filter, ...args }, context) => {
    const page = parsePage(args, auditCursor.ordering, auditCursor.schema);
    const wanted = readAuditLogFilter(filter);
    if (!canSeeAuditLog(await viewerRole(context, id))) return null;
    const entries = await context.loaders.auditLogOfWorkspace(wanted).load({ parentId: id, page });
    return toConnection(entries, page, auditCursor.keys);
  },
  invitations: async ({ id }, { filter, ...args }, context) => {
    const page = parsePage(args, invitationCursor.ordering, invitationCursor.schema);
    // One instant for the whole request: pages of a level are read together.
    const wanted = readInvitationFilter(filter, context.now);
    if (!canAddMembers(await viewerRole(context, id))) return null;
    const invitations = await context.loaders.invitationsOfWorkspace(wanted).load({ parentId: id, page });
    return toConnection(invitations, page, invitationCursor.keys);
  },
};
