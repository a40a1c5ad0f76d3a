import { viewerRole } from '../access.ts';
import { INVITATION } from '../commands/answerInvitation.ts';
import type { Context } from '../context.ts';
import { type Invitation as InvitationModel, stateOf } from '../domain/invitation.ts';
import { canAddMembers, canGrant } from '../domain/policy.ts';
import type { InvitationResolvers } from '../generated/resolvers.ts';

export const Invitation: InvitationResolvers = {
  state: (invitation, _args, { now }) => stateOf(invitation, now),
  inviter: ({ inviterId }, _args, { loaders }) => loaders.user.load(inviterId),
  // Whoever has it comes in by it: what may only read must not make a member of itself, or of somebody else.
  token: (invitation, _args, { deps, viewer }) =>
    invitation.email === null && viewer?.scope !== 'read' ? deps.links.sign(INVITATION, invitation) : null,
  viewerCanRevoke: async (invitation, _args, context) =>
    !invitation.endReason && canAddMembers(await viewerRole(context, invitation.workspaceId)),
  viewerCanResend: async (invitation, _args, context) =>
    invitation.email !== null &&
    !invitation.endReason &&
    canGrant(await viewerRole(context, invitation.workspaceId), invitation.role) &&
    (await isInUse(invitation, context)),
};

async function isInUse({ workspaceId }: InvitationModel, { loaders }: Context): Promise<boolean> {
  return (await loaders.workspace.load(workspaceId))?.archivedAt === null;
}
