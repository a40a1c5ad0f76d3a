import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import type { Deps } from './deps.ts';
import type { Membership } from './domain/membership.ts';
import type { User } from './domain/user.ts';
import type { Workspace } from './domain/workspace.ts';
import {
  findMemberships,
  listMembershipsOf,
  listMembersOf,
  type MembershipKey,
  membershipKey,
} from './store/memberships.ts';
import { findUsers, findUsersVisibleTo } from './store/users.ts';
import { findWorkspaces } from './store/workspaces.ts';

/** Every read that a selection can repeat, batched: one query per level. Only `visibleUser` authorises: see access.ts. */
export type Loaders = {
  user: DataLoader<string, User | null>;
  /** A user that the viewer may know of. */
  visibleUser: DataLoader<string, User | null>;
  workspace: DataLoader<string, Workspace | null>;
  membership: DataLoader<MembershipKey, Membership | null, string>;
  membersOfWorkspace: PageLoader<Membership>;
  membershipsOfUser: PageLoader<Membership>;
};

/** The loaders of one call. */
export function createLoaders({ prisma }: Pick<Deps, 'prisma'>, viewer: Viewer | null): Loaders {
  const membership: Loaders['membership'] = new DataLoader((keys) => findMemberships(prisma, keys), {
    cacheKeyFn: membershipKey,
  });
  const seen = (memberships: Membership[]) => {
    for (const one of memberships) membership.prime(one, one);
    return memberships;
  };
  return {
    user: new DataLoader(async (ids) => inOrder(ids, await findUsers(prisma, ids))),
    visibleUser: new DataLoader(async (ids) =>
      inOrder(ids, viewer ? await findUsersVisibleTo(prisma, viewer.userId, ids) : []),
    ),
    workspace: new DataLoader(async (ids) => inOrder(ids, await findWorkspaces(prisma, ids))),
    membership,
    membersOfWorkspace: pageLoader(
      async (ids, page) => seen(await listMembersOf(prisma, ids, page)),
      (one) => one.workspaceId,
    ),
    membershipsOfUser: pageLoader(
      async (ids, page) => seen(await listMembershipsOf(prisma, ids, page)),
      (one) => one.userId,
    ),
  };
}
