import { refuse } from '#platform/errors.ts';
import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { viewerRole, visibleWorkspace } from '../access.ts';
import { canAddMembers } from '../domain/policy.ts';
import type { WorkspaceResolvers } from '../generated/resolvers.ts';
import { membershipCursor } from '../store/memberships.ts';

export const Workspace: WorkspaceResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleWorkspace(context, id) : null;
  },
  viewerRole: async ({ id }, _args, context) =>
    (await viewerRole(context, id)) ?? refuse('NOT_FOUND', 'There is no such workspace'),
  viewerCanAddMembers: async ({ id }, _args, context) => canAddMembers(await viewerRole(context, id)),
  members: async ({ id }, args, { loaders }) => {
    const page = parsePage(args, membershipCursor.ordering, membershipCursor.schema);
    return toConnection(await loaders.membersOfWorkspace.load({ parentId: id, page }), page, membershipCursor.keys);
  },
};
