import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { viewerRole } from '../access.ts';
import { canSee, canWrite } from '../domain/policy.ts';
import type { WorkspaceResolvers } from '../generated/resolvers.ts';
import { projectCursor } from '../store/projects.ts';

export const Workspace: WorkspaceResolvers = {
  __resolveReference: async (reference, context) => {
    const id = referenceId(reference);
    return id && canSee(await viewerRole(context, id)) ? { id } : null;
  },
  viewerCanCreateProjects: async ({ id }, _args, context) => canWrite(await viewerRole(context, id)),
  projects: async ({ id }, args, { loaders }) => {
    const page = parsePage(args, projectCursor.ordering, projectCursor.schema);
    return toConnection(await loaders.projectsOfWorkspace.load({ parentId: id, page }), page, projectCursor.keys);
  },
};
