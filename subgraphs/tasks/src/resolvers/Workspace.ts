import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { viewerCanWrite, viewerRole } from '../access.ts';
import { canSee } from '../domain/policy.ts';
import type { WorkspaceResolvers } from '../generated/resolvers.ts';
import { projectCursor } from '../store/projects.ts';

export const Workspace: WorkspaceResolvers = {
  __resolveReference: async (reference, context) => {
    const id = referenceId(reference);
    return id && canSee(await viewerRole(context, id)) ? { id } : null;
  },
  viewerCanCreateProjects: ({ id }, _args, context) => viewerCanWrite(context, id),
  projects: async ({ id }, args, { loaders }) => {
    const page = parsePage(args, projectCursor.ordering, projectCursor.schema);
    return toConnection(await loaders.projectsOfWorkspace.load({ parentId: id, page }), page, projectCursor.keys);
  },
};
