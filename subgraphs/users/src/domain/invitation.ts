import { refuse } from '#platform/errors.ts';
import { canGrant, type Role } from './policy.ts';
import { requireInUse, type Workspace } from './workspace.ts';

/** A way into a workspace: for one e-mail address, or a link for whoever has it. */
export type Invitation = {
  id: string;
  workspaceId: string;
  /** Normalised; null for a link. */
  email: string | null;
  role: Role;
  inviterId: string;
  maxUses: number;
  uses: number;
  /** Rises when it is sent again: tokens of an earlier issue hold no longer. */
  issue: number;
  version: number;
  createdAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  endReason: InvitationEnd | null;
};

/** An invitation by a token of this issue. */
export type Invited = { invitation: Invitation; issue: number };

/** Why an invitation ended before its time. */
export type InvitationEnd = 'ACCEPTED' | 'DECLINED' | 'REVOKED';

/** What has become of an invitation. A link that was used as often as it may be is ACCEPTED. */
export type InvitationState = 'PENDING' | 'EXPIRED' | InvitationEnd;

const DAY_MS = 86_400_000;
/** How long an invitation by e-mail holds. */
export const EMAIL_DAYS = 7;

/** A new invitation, for an address (`email`) or for `maxUses` people. */
export function newInvitation(
  given: Pick<Invitation, 'id' | 'workspaceId' | 'email' | 'role' | 'inviterId' | 'maxUses'> & {
    days: number;
    now: Date;
  },
): Invitation {
  const { days, now, ...rest } = given;
  const expiresAt = new Date(now.getTime() + days * DAY_MS);
  return { ...rest, uses: 0, issue: 1, version: 1, createdAt: now, expiresAt, endedAt: null, endReason: null };
}

/** What has become of it. */
export function stateOf({ endReason, expiresAt }: Invitation, now: Date): InvitationState {
  return endReason ?? (expiresAt <= now ? 'EXPIRED' : 'PENDING');
}

/** INVITATION_REVOKED, INVITATION_USED or INVITATION_EXPIRED unless the invitation, by a token of this issue, is open. */
export function requireOpen(invitation: Invitation, issue: number, now: Date): void {
  const state = stateOf(invitation, now);
  if (state === 'REVOKED') refuse('INVITATION_REVOKED', 'This invitation was taken back');
  if (state === 'ACCEPTED' || state === 'DECLINED') refuse('INVITATION_USED', 'This invitation was used before');
  if (issue !== invitation.issue)
    refuse('INVITATION_REVOKED', 'This invitation was sent again: the latest e-mail holds');
  if (state === 'EXPIRED') refuse('INVITATION_EXPIRED', 'This invitation has expired');
}

/** INVITATION_FOR_ANOTHER unless the invitation is for this address, or a link. */
export function requireAddressee({ email }: Invitation, address: string): void {
  if (email !== null && email !== address) refuse('INVITATION_FOR_ANOTHER', 'This invitation is for another address');
}

/**
 * Whether somebody with this address may come in. Who once was a member does not come back by a link, which they may have kept
 * from then, but by an invitation of their own: FORBIDDEN. Nor does anybody by one whose maker could not make it now.
 */
export function requireMayAccept(
  { invitation, issue }: Invited,
  by: {
    address: string;
    wasMember: boolean;
    inviterRole: Role | null;
    workspace: Pick<Workspace, 'archivedAt'>;
    now: Date;
  },
): void {
  requireAddressee(invitation, by.address);
  requireOpen(invitation, issue, by.now);
  if (!canGrant(by.inviterRole, invitation.role))
    refuse('INVITATION_REVOKED', 'Whoever has made this invitation may not any more');
  requireInUse(by.workspace);
  if (invitation.email === null && by.wasMember) {
    refuse('FORBIDDEN', 'Whoever was a member before needs an invitation of their own');
  }
}

/** The invitation after somebody has come in by it. */
export function used(invitation: Invitation, now: Date): Invitation {
  const uses = invitation.uses + 1;
  const done = uses >= invitation.maxUses;
  return done
    ? { ...ended(invitation, 'ACCEPTED', now), uses }
    : { ...invitation, uses, version: invitation.version + 1 };
}

/** The invitation, ended. */
export function ended(invitation: Invitation, endReason: InvitationEnd, now: Date): Invitation {
  return { ...invitation, endReason, endedAt: now, version: invitation.version + 1 };
}

/** The invitation, sent again: its time begins anew, and earlier tokens hold no longer. */
export function reissued(invitation: Invitation, now: Date): Invitation {
  const { issue, version } = invitation;
  const expiresAt = new Date(now.getTime() + EMAIL_DAYS * DAY_MS);
  return { ...invitation, issue: issue + 1, version: version + 1, expiresAt };
}
