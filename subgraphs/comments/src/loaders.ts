import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { GrantReader } from '#platform/projection/createGrants.ts';
import type { Deps } from './deps.ts';
import type { Comment } from './domain/comment.ts';
import type { Membership, MembershipKey } from './domain/membership.ts';
import type { Task } from './domain/task.ts';
import type { Workspace } from './domain/workspace.ts';
import { findComments, listComments } from './store/comments.ts';
import { findTasks } from './store/tasks.ts';

/** Every read that a selection can repeat, batched: one query per level. They don't authorise: see access.ts. */
export type Loaders = {
  comment: DataLoader<string, Comment | null>;
  /** Out of the projection. */
  task: DataLoader<string, Task | null>;
  /** As tasks has it now. One call for all. */
  toldTask: DataLoader<string, Task | null>;
  membership: GrantReader<MembershipKey, Membership>;
  workspace: DataLoader<string, Workspace | null>;
  commentsOfTask: PageLoader<Comment>;
};

/** The loaders of one call. */
export function createLoaders({
  prisma,
  memberships,
  workspaces,
  tasks,
}: Pick<Deps, 'prisma' | 'memberships' | 'workspaces' | 'tasks'>): Loaders {
  return {
    comment: new DataLoader(async (ids) => inOrder(ids, await findComments(prisma, ids))),
    task: new DataLoader((ids) => findTasks(prisma, ids)),
    toldTask: new DataLoader((ids) => tasks.ask(ids), { maxBatchSize: 100 }),
    membership: memberships.reader(prisma),
    workspace: new DataLoader((ids) => workspaces.load(prisma, ids)),
    commentsOfTask: pageLoader(
      (taskIds, page) => listComments(prisma, taskIds, page),
      (comment) => comment.taskId,
    ),
  };
}
