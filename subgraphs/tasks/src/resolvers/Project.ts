import { referenceId } from '#platform/graphql/referenceId.ts';
import { viewerCanWrite, visibleProject } from '../access.ts';
import type { ProjectResolvers } from '../generated/resolvers.ts';
import { listOf } from '../listOf.ts';

export const Project: ProjectResolvers = {
  __resolveReference: (reference, context) => {
    const id = referenceId(reference);
    return id ? visibleProject(context, id) : null;
  },
  workspace: (project) => ({ id: project.workspaceId }),
  viewerCanCreateTasks: (project, _args, context) => viewerCanWrite(context, project.workspaceId),
  tasks: (project, args, context) => {
    // Each task says its key, which is its project's.
    context.loaders.project.prime(project.id, project);
    return listOf(context, 'project', project.id, args);
  },
};
