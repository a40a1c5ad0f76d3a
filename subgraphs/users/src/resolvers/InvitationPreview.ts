import { Refusal } from '#platform/errors.ts';
import type { Context } from '../context.ts';
import { type Invited, requireMayAccept, stateOf } from '../domain/invitation.ts';
import type { InvitationPreviewResolvers } from '../generated/resolvers.ts';
import { findEndedMembership } from '../store/memberships.ts';

export const InvitationPreview: InvitationPreviewResolvers = {
  workspaceName: async ({ invitation }, _args, { loaders }) => {
    const workspace = await loaders.workspace.load(invitation.workspaceId);
    if (!workspace) throw new Error(`Workspace ${invitation.workspaceId} is gone`);
    return workspace.name;
  },
  inviterName: async ({ invitation }, _args, { loaders }) =>
    (await loaders.user.load(invitation.inviterId))?.name ?? null,
  role: ({ invitation }) => invitation.role,
  email: ({ invitation }) => invitation.email,
  state: ({ invitation, issue }, _args, { now }) => (issue === invitation.issue ? stateOf(invitation, now) : 'REVOKED'),
  expiresAt: ({ invitation }) => invitation.expiresAt,
  viewerCanAccept,
};

async function viewerCanAccept(
  invited: Invited,
  _args: unknown,
  { deps, viewer, loaders, now }: Context,
): Promise<boolean> {
  if (!viewer) return false;
  const key = { workspaceId: invited.invitation.workspaceId, userId: viewer.userId };
  const [person, workspace, member] = await Promise.all([
    loaders.user.load(viewer.userId),
    loaders.workspace.load(key.workspaceId),
    loaders.membership.load(key),
  ]);
  if (!person || !workspace) return false;
  const wasMember = !member && (await findEndedMembership(deps.prisma, key)) !== null;
  try {
    requireMayAccept(invited, { address: person.email, wasMember, workspace, now });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
