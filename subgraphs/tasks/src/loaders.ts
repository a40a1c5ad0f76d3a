import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, type PageOf, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { GrantReader } from '#platform/projection/createGrants.ts';
import type { Deps } from './deps.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Project } from './domain/project.ts';
import type { Task } from './domain/task.ts';
import type { TaskList } from './domain/taskList.ts';
import type { TaskParent } from './domain/taskOrder.ts';
import type { Workspace } from './domain/workspace.ts';
import { findProjects, listProjects } from './store/projects.ts';
import { countTasks, listTasks } from './store/taskLists.ts';
import { findTasks } from './store/tasks.ts';

/** Every read that a selection can repeat, batched: one query per level. They don't authorise: see access.ts. */
export type Loaders = {
  task: DataLoader<string, Task | null>;
  project: DataLoader<string, Project | null>;
  membership: GrantReader<MembershipKey, Membership>;
  workspace: DataLoader<string, Workspace | null>;
  tasks: Record<TaskParent, PageLoader<Task, TaskList>>;
  taskCount: DataLoader<PageOf<TaskList>, number, string>;
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
    tasks: {
      project: pageLoader(
        (ids, list) => listTasks(prisma, ids, list),
        (task) => task.projectId,
      ),
      workspace: pageLoader(
        (ids, list) => listTasks(prisma, ids, list),
        (task) => task.workspaceId,
      ),
    },
    taskCount: countLoader(prisma),
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

/** The lists of one level are the same but for their parents, and are counted together. */
function countLoader(prisma: Deps['prisma']): Loaders['taskCount'] {
  return new DataLoader(
    async (wanted) => {
      const lists = new Map<string, PageOf<TaskList>[]>();
      for (const one of wanted) lists.set(one.page.ordering, [...(lists.get(one.page.ordering) ?? []), one]);
      const counts = new Map<string, number>();
      await Promise.all(
        [...lists].map(async ([ordering, group]) => {
          const [first] = group;
          const ids = group.map(({ parentId }) => parentId);
          const found = first ? await countTasks(prisma, ids, first.page) : [];
          for (const [index, count] of found.entries()) counts.set(`${ids[index]} ${ordering}`, count);
        }),
      );
      return wanted.map(({ parentId, page }) => counts.get(`${parentId} ${page.ordering}`) ?? 0);
    },
    { cacheKeyFn: ({ parentId, page }) => `${parentId} ${page.ordering}` },
  );
}
