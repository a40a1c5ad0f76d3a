import { refuse, refuseInput } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseId } from '#platform/ids.ts';
import { viewerRole, visibleProject } from '../../access.ts';
import { canSee } from '../../domain/policy.ts';
import type { QueryResolvers } from '../../generated/resolvers.ts';
import { listOf } from '../../listOf.ts';

export const tasks: QueryResolvers['tasks'] = async (_root, { workspaceId, projectId, ...args }, context) => {
  requireViewer(context.viewer);
  if ((workspaceId == null) === (projectId == null)) {
    refuseInput([{ path: ['workspaceId'], message: 'Name a workspace or a project' }]);
  }
  if (workspaceId != null) {
    const parentId = parseId(workspaceId, ['workspaceId']);
    if (!canSee(await viewerRole(context, parentId))) refuse('NOT_FOUND', 'There is no such workspace');
    return listOf(context, 'workspace', parentId, args);
  }
  const project = await visibleProject(context, parseId(projectId, ['projectId']));
  return project ? listOf(context, 'project', project.id, args) : refuse('NOT_FOUND', 'There is no such project');
};
