import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { Deps } from './deps.ts';
import type { Comment } from './domain/comment.ts';
import type { MembershipKey } from './domain/membership.ts';
import type { Role } from './domain/policy.ts';
import type { Task } from './domain/task.ts';
import { findComments, listComments } from './store/comments.ts';
import { membershipKey } from './store/memberships.ts';

/** Every read that a selection can repeat, batched: one query per level. They don't authorise: see access.ts. */
export type Loaders = {
  comment: DataLoader<string, Comment | null>;
  task: DataLoader<string, Task | null>;
  /** The role that somebody has in a workspace; null when not a member. */
  role: DataLoader<MembershipKey, Role | null, string>;
  commentsOfTask: PageLoader<Comment>;
};

/** The loaders of one call. */
export function createLoaders({ prisma, memberships, tasks }: Pick<Deps, 'prisma' | 'memberships' | 'tasks'>): Loaders {
  return {
    comment: new DataLoader(async (ids) => inOrder(ids, await findComments(prisma, ids))),
    task: new DataLoader((ids) => tasks.load(prisma, ids)),
    role: new DataLoader(
      async (keys) => (await memberships.load(prisma, keys)).map((membership) => membership?.role ?? null),
      { cacheKeyFn: membershipKey },
    ),
    commentsOfTask: pageLoader(
      (taskIds, page) => listComments(prisma, taskIds, page),
      (comment) => comment.taskId,
    ),
  };
}
