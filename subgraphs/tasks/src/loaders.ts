import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { GrantReader } from '#platform/projection/createGrants.ts';
import type { Deps } from './deps.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Project } from './domain/project.ts';
import type { Task } from './domain/task.ts';
import type { Workspace } from './domain/workspace.ts';
import { findProjects, listProjects } from './store/projects.ts';
import { findTasks, listTasks } from './store/tasks.ts';

/** Every read that a selection can repeat, batched: one query per level. They don't authorise: see access.ts. */
export type Loaders = {
  task: DataLoader<string, Task | null>;
  project: DataLoader<string, Project | null>;
  membership: GrantReader<MembershipKey, Membership>;
  workspace: DataLoader<string, Workspace | null>;
  tasksOfProject: PageLoader<Task>;
  projectsOfWorkspace: PageLoader<Project>;
};

/** The loaders of one call. */
export function createLoaders({
  prisma,
  memberships,
  workspaces,
}: Pick<Deps, 'prisma' | 'memberships' | 'workspaces'>): Loaders {
  const project = new DataLoader(async (ids: readonly string[]) => inOrder(ids, await findProjects(prisma, ids)));
  return {
    project,
    task: new DataLoader(async (ids) => inOrder(ids, await findTasks(prisma, ids))),
    membership: memberships.reader(prisma),
    workspace: new DataLoader((ids) => workspaces.load(prisma, ids)),
    tasksOfProject: pageLoader(
      (projectIds, page) => listTasks(prisma, projectIds, page),
      (task) => task.projectId,
    ),
    projectsOfWorkspace: pageLoader(
      async (workspaceIds, page) => {
        const projects = await listProjects(prisma, workspaceIds, page);
        // Their tasks will ask for them, to say their key.
        for (const one of projects) project.prime(one.id, one);
        return projects;
      },
      (one) => one.workspaceId,
    ),
  };
}
