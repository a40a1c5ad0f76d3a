import DataLoader from 'dataloader';
import { inOrder } from '#platform/graphql/inOrder.ts';
import { type PageLoader, pageLoader } from '#platform/graphql/pageLoader.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import type { Deps } from './deps.ts';
import type { AuditEntry } from './domain/auditEntry.ts';
import type { WaysIn } from './domain/identity.ts';
import type { Invitation } from './domain/invitation.ts';
import type { Membership } from './domain/membership.ts';
import type { User } from './domain/user.ts';
import type { Workspace } from './domain/workspace.ts';
import { type AuditLogFilter, listAuditEntries } from './store/auditEntries.ts';
import { findWaysIn } from './store/identities.ts';
import { type InvitationFilter, listInvitations } from './store/invitations.ts';
import {
  countOwners,
  findMemberships,
  listMembershipsOf,
  listMembersOf,
  type MemberFilter,
  type MembershipKey,
  membershipKey,
  type WorkspaceFilter,
} from './store/memberships.ts';
import { findUsers, findUsersVisibleTo } from './store/users.ts';
import { findWorkspaces } from './store/workspaces.ts';

/** Every read that a selection can repeat, batched: one query per level. Only `visibleUser` authorises: see access.ts. */
export type Loaders = {
  user: DataLoader<string, User | null>;
  /** A user that the viewer may know of. */
  visibleUser: DataLoader<string, User | null>;
  workspace: DataLoader<string, Workspace | null>;
  /** Does not ask whether the viewer may know them. */
  waysIn: DataLoader<string, WaysIn | null>;
  membership: DataLoader<MembershipKey, Membership | null, string>;
  /** How many owners a workspace has. */
  owners: DataLoader<string, number>;
  membersOfWorkspace: (filter: MemberFilter) => PageLoader<Membership>;
  membershipsOfUser: (filter: WorkspaceFilter) => PageLoader<Membership>;
  /** Does not ask whether the viewer may see it. */
  auditLogOfWorkspace: (filter: AuditLogFilter) => PageLoader<AuditEntry>;
  /** Does not ask whether the viewer may see them. */
  invitationsOfWorkspace: (filter: InvitationFilter) => PageLoader<Invitation>;
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
    waysIn: new DataLoader(async (ids) => {
      const found = new Map((await findWaysIn(prisma, ids)).map((ways) => [ways.userId, ways]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    membership,
    owners: new DataLoader((ids) => countOwners(prisma, ids)),
    membersOfWorkspace: byFilter((filter: MemberFilter) =>
      pageLoader(
        async (ids, page) => seen(await listMembersOf(prisma, ids, page, filter)),
        (one) => one.workspaceId,
      ),
    ),
    membershipsOfUser: byFilter((filter: WorkspaceFilter) =>
      pageLoader(
        async (ids, page) => seen(await listMembershipsOf(prisma, ids, page, filter)),
        (one) => one.userId,
      ),
    ),
    auditLogOfWorkspace: byFilter((filter: AuditLogFilter) =>
      pageLoader(
        (ids, page) => listAuditEntries(prisma, ids, page, filter),
        (one) => one.workspaceId,
      ),
    ),
    invitationsOfWorkspace: byFilter((filter: InvitationFilter) =>
      pageLoader(
        (ids, page) => listInvitations(prisma, ids, page, filter),
        (one) => one.workspaceId,
      ),
    ),
  };
}

/** One loader for each filter: the parents of a level have the same, and share a query. */
function byFilter<Filter, Row>(make: (filter: Filter) => PageLoader<Row>): (filter: Filter) => PageLoader<Row> {
  const made = new Map<string, PageLoader<Row>>();
  return (filter) => {
    const key = JSON.stringify(filter);
    const loader = made.get(key) ?? make(filter);
    made.set(key, loader);
    return loader;
  };
}
