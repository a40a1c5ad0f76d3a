import { viewerRole } from '../access.ts';
import type { Context } from '../context.ts';
import type { Membership } from '../domain/membership.ts';
import { canChangeRole, canRemove, roles } from '../domain/policy.ts';
import type { MemberResolvers } from '../generated/resolvers.ts';

export const Member: MemberResolvers = {
  // Whoever sees the membership shares the workspace, and may know who it is.
  user: async ({ userId }, _args, { loaders }) => {
    const user = await loaders.user.load(userId);
    if (!user) throw new Error(`User ${userId} is gone`);
    return user;
  },
  viewerCanRemove: async (member, _args, context) =>
    canRemove(await viewerRole(context, member.workspaceId), member.role) && !(await isLastOwner(member, context)),
  viewerCanChangeRoleTo: async (member, _args, context) => {
    const { workspaceId, role } = member;
    const viewer = await viewerRole(context, workspaceId);
    const others = roles.filter((to) => to !== role && canChangeRole(viewer, role, to));
    if (others.length === 0 || (await isLastOwner(member, context))) return [];
    return (await context.loaders.workspace.load(workspaceId))?.archivedAt === null ? others : [];
  },
};

async function isLastOwner({ workspaceId, role }: Membership, { loaders }: Context): Promise<boolean> {
  return role === 'OWNER' && (await loaders.owners.load(workspaceId)) === 1;
}
