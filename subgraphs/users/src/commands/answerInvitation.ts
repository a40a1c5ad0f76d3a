import { z } from 'zod';
import { refuse, refuseInput } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { newAuditEntry } from '../domain/auditEntry.ts';
import { ended, type Invited, requireAddressee, requireMayAccept, requireOpen, used } from '../domain/invitation.ts';
import type { Membership } from '../domain/membership.ts';
import type { Workspace } from '../domain/workspace.ts';
import { insertAuditEntry } from '../store/auditEntries.ts';
import { findInvitation, updateInvitation } from '../store/invitations.ts';
import { findEndedMembership, findMemberships } from '../store/memberships.ts';
import { findUsers, verifyAddress } from '../store/users.ts';
import { lockWorkspace } from '../store/workspaces.ts';
import { admit } from './addMember.ts';
import type { Change } from './changeWorkspace.ts';

/** The purpose of the tokens of invitations. */
export const INVITATION = 'invitation';

/** A token as it comes in. */
export const tokenSchema = z.string().max(200, 'Must have at most 200 characters');
const inputSchema = z.strictObject({ token: tokenSchema });

/** The invitation that a token is for; null for what is no token of one. */
export async function findByToken(
  { prisma, links }: Pick<Deps, 'prisma' | 'links'>,
  token: string,
): Promise<Invited | null> {
  const subject = links.read(INVITATION, token);
  const invitation = subject && (await findInvitation(prisma, subject.id));
  return invitation && { invitation, issue: subject.issue };
}

/** An invitation by a token, its workspace locked, and the address of the person who answers it. */
type Answering = Pick<Change, 'tx' | 'record' | 'workspace' | 'actorId' | 'now' | 'audit'> &
  Invited & { address: string };

/**
 * Brings the viewer into the workspace. Whoever is a member already stays what they are. Who once was a member does not come
 * back by a link, which they may have kept, but by an invitation of their own.
 * Refusals: BAD_USER_INPUT, NOT_FOUND, INVITATION_REVOKED, INVITATION_USED, INVITATION_EXPIRED, INVITATION_FOR_ANOTHER,
 * WORKSPACE_ARCHIVED, FORBIDDEN.
 */
export async function acceptInvitation(
  context: Context,
  rawInput: unknown,
): Promise<{ membership: Membership; workspace: Workspace }> {
  return answer(context, rawInput, async (answering) => {
    const { tx, workspace, invitation, actorId: userId, now, audit } = answering;
    const key = { workspaceId: workspace.id, userId };
    const [member = null, inviter] = await findMemberships(tx, [key, { ...key, userId: invitation.inviterId }]);
    const wasMember = (await findEndedMembership(tx, key)) !== null;
    requireMayAccept(answering, { ...answering, wasMember, inviterRole: inviter?.role ?? null });
    if (member && invitation.email === null) return { membership: member, workspace };
    const { role } = invitation;
    const membership = member ?? (await admit(answering, { userId, role })).membership;
    await updateInvitation(tx, used(invitation, now));
    // The token was in an e-mail to this address, and nowhere else.
    if (invitation.email !== null) await verifyAddress(tx, invitation.email, now);
    const changes = { role: { from: member?.role ?? null, to: membership.role } };
    await audit({ action: 'INVITATION_ACCEPTED', subjectId: invitation.inviterId, changes });
    return { membership, workspace };
  });
}

/**
 * Ends an invitation without coming in.
 * Refusals: BAD_USER_INPUT (a link, too), NOT_FOUND, INVITATION_REVOKED, INVITATION_USED, INVITATION_EXPIRED,
 * INVITATION_FOR_ANOTHER.
 */
export async function declineInvitation(context: Context, rawInput: unknown): Promise<{ workspaceName: string }> {
  return answer(context, rawInput, async ({ tx, workspace, invitation, issue, address, now, audit }) => {
    requireAddressee(invitation, address);
    requireOpen(invitation, issue, now);
    if (invitation.email === null) refuseInput([{ path: ['input', 'token'], message: 'A link is not declined' }]);
    await updateInvitation(tx, ended(invitation, 'DECLINED', now));
    await audit({ action: 'INVITATION_DECLINED', subjectId: invitation.inviterId });
    return { workspaceName: workspace.name };
  });
}

async function answer<Result>(
  context: Context,
  rawInput: unknown,
  work: (answering: Answering) => Promise<Result>,
): Promise<Result> {
  const { deps, viewer, client, loaders } = context;
  const { userId: actorId } = requireViewer(viewer);
  const { token } = parseInput(inputSchema, rawInput);
  const refuseUnknown = () => refuse('NOT_FOUND', 'There is no such invitation');
  const found = (await findByToken(deps, token)) ?? refuseUnknown();
  const { issue } = found;
  const { id, workspaceId } = found.invitation;
  try {
    return await deps.outbox.commit(async (tx, record) => {
      const workspace = (await lockWorkspace(tx, workspaceId)) ?? refuseUnknown();
      const invitation = (await findInvitation(tx, id)) ?? refuseUnknown();
      const now = deps.now();
      const [person] = await findUsers(tx, [actorId]);
      if (!person) return refuse('UNAUTHENTICATED', 'This account is gone');
      return work({
        ...{ tx, record, workspace, actorId, now, invitation, issue, address: person.email },
        audit: (fact) =>
          insertAuditEntry(tx, newAuditEntry(fact, { id: newId(), workspaceId, actorId, at: now, client })),
      });
    });
  } finally {
    loaders.membership.clearAll();
    loaders.owners.clear(workspaceId);
  }
}
