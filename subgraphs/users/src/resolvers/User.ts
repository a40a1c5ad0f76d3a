import { referenceId } from '#platform/graphql/referenceId.ts';
import { parsePage, toConnection } from '#platform/pages.ts';
import { isSelf } from '../access.ts';
import type { UserResolvers } from '../generated/resolvers.ts';
import { membershipCursor } from '../store/memberships.ts';

export const User: UserResolvers = {
  __resolveReference: (reference, { loaders }) => {
    const id = referenceId(reference);
    return id ? loaders.visibleUser.load(id) : null;
  },
  email: (user, _args, context) => (isSelf(context, user) ? user.email : null),
  emailVerified: (user, _args, context) => (isSelf(context, user) ? user.emailVerifiedAt !== null : null),
  hasPassword: async (user, _args, context) =>
    isSelf(context, user) ? ((await context.loaders.waysIn.load(user.id))?.hasPassword ?? null) : null,
  locale: (user, _args, context) => (isSelf(context, user) ? user.locale : null),
  timeZone: (user, _args, context) => (isSelf(context, user) ? user.timeZone : null),
  globalRole: (user, _args, context) => (isSelf(context, user) ? user.role : null),
  createdAt: (user, _args, context) => (isSelf(context, user) ? user.createdAt : null),
  workspaces: async (user, { filter, ...args }, context) => {
    const page = parsePage(args, membershipCursor.ordering, membershipCursor.schema);
    if (!isSelf(context, user)) return null;
    const memberships = await context.loaders
      .membershipsOfUser({ archived: filter?.archived ?? null })
      .load({ parentId: user.id, page });
    const { edges, pageInfo } = toConnection(memberships, page, membershipCursor.keys);
    const nodes = await Promise.all(edges.map(({ node }) => workspaceOf(node.workspaceId)));
    return {
      edges: edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] as (typeof nodes)[number] })),
      nodes,
      pageInfo,
    };

    async function workspaceOf(id: string) {
      const workspace = await context.loaders.workspace.load(id);
      if (!workspace) throw new Error(`Workspace ${id} is gone`);
      return workspace;
    }
  },
};
