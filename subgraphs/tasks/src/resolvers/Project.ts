import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { viewerCanWrite, visibleProject } from '../access.ts';
import type { ProjectResolvers } from '../generated/resolvers.ts';
import { taskCursor } from '../store/tasks.ts';

export const Project: ProjectResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleProject(context, id) : null;
  },
  workspace: (project) => ({ id: project.workspaceId }),
  viewerCanCreateTasks: (project, _args, context) => viewerCanWrite(context, project.workspaceId),
  tasks: async (project, args, { loaders }) => {
    const page = parsePage(args, taskCursor.ordering, taskCursor.schema);
    // Each task says its key, which is its project's.
    loaders.project.prime(project.id, project);
    return toConnection(await loaders.tasksOfProject.load({ parentId: project.id, page }), page, taskCursor.keys);
  },
};
