import { Refusal } from '#platform/errors.ts';
import type { Context } from '../context.ts';
import { type InvitationState, type Invited, requireMayAccept, stateOf } from '../domain/invitation.ts';
import type { InvitationPreviewResolvers } from '../generated/resolvers.ts';
import { findEndedMembership } from '../store/memberships.ts';

export const InvitationPreview: InvitationPreviewResolvers = {
  workspaceName: async (invited, _args, { loaders, now }) => {
    if (!isOpen(invited, now)) return null;
    const { workspaceId } = invited.invitation;
    const workspace = await loaders.workspace.load(workspaceId);
    if (!workspace) throw new Error(`Workspace ${workspaceId} is gone`);
    return workspace.name;
  },
  inviterName: async (invited, _args, { loaders, now }) =>
    isOpen(invited, now) ? ((await loaders.user.load(invited.invitation.inviterId))?.name ?? null) : null,
  role: ({ invitation }) => invitation.role,
  email: (invited, _args, { now }) => (isOpen(invited, now) ? invited.invitation.email : null),
  state: (invited, _args, { now }) => seenAs(invited, now),
  expiresAt: ({ invitation }) => invitation.expiresAt,
  viewerCanAccept,
};

/** What has become of it for whoever has a token of this issue. */
function seenAs({ invitation, issue }: Invited, now: Date): InvitationState {
  return issue === invitation.issue ? stateOf(invitation, now) : 'REVOKED';
}

/** One that has ended tells no more of the workspace, which may have other names and people by now. */
function isOpen(invited: Invited, now: Date): boolean {
  return seenAs(invited, now) === 'PENDING';
}

async function viewerCanAccept(
  invited: Invited,
  _args: unknown,
  { deps, viewer, loaders, now }: Context,
): Promise<boolean> {
  if (!viewer) return false;
  const key = { workspaceId: invited.invitation.workspaceId, userId: viewer.userId };
  const [person, workspace, member, inviter] = await Promise.all([
    loaders.user.load(viewer.userId),
    loaders.workspace.load(key.workspaceId),
    loaders.membership.load(key),
    loaders.membership.load({ ...key, userId: invited.invitation.inviterId }),
  ]);
  if (!person || !workspace) return false;
  const inviterRole = inviter?.role ?? null;
  const wasMember = !member && (await findEndedMembership(deps.prisma, key)) !== null;
  try {
    requireMayAccept(invited, { address: person.email, wasMember, inviterRole, workspace, now });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
