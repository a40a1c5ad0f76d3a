import { z } from 'zod';
import { LetterDue } from '#events/users.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { viewerRole } from '../access.ts';
import type { Context } from '../context.ts';
import { EMAIL_DAYS, ended, type Invitation, newInvitation, reissued, requireOpen } from '../domain/invitation.ts';
import { requireMayAdd } from '../domain/membership.ts';
import { canAddMembers, canSee } from '../domain/policy.ts';
import { roleSchema } from '../domain/roleSchema.ts';
import { emailSchema } from '../domain/user.ts';
import { requireInUse, type Workspace } from '../domain/workspace.ts';
import { countAuditEntries, countInvitationsSentBy } from '../store/auditEntries.ts';
import { findInvitation, findOpenInvitation, insertInvitation, updateInvitation } from '../store/invitations.ts';
import { findMemberships } from '../store/memberships.ts';
import { findUserByEmail } from '../store/users.ts';
import { type Change, changeWorkspace } from './changeWorkspace.ts';

/** An invitation, in the workspace. */
export type Changed = { invitation: Invitation; workspace: Workspace };

const DAY_MS = 86_400_000;
/** How many e-mails a workspace, and a person, may send to people who are no members yet, in a day. */
const MOST_A_DAY = 200;

const emailInput = z.strictObject({ workspaceId: idSchema, email: emailSchema, role: roleSchema.default('MEMBER') });
const linkInput = z.strictObject({
  workspaceId: idSchema,
  role: z.enum(['ADMIN', 'MEMBER', 'GUEST'], 'A link makes no owners').default('MEMBER'),
  maxUses: z.int().min(1, 'Must be from 1 to 100').max(100, 'Must be from 1 to 100'),
  days: z.int().min(1, 'Must be from 1 to 30').max(30, 'Must be from 1 to 30').default(EMAIL_DAYS),
});
const idInput = z.strictObject({ id: idSchema });

/**
 * Invites whoever has an e-mail address; the e-mail follows. The same again, while it is open, changes nothing and sends nothing.
 * Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, ALREADY_MEMBER, ALREADY_INVITED, WORKSPACE_ARCHIVED, TOO_BUSY.
 */
export async function inviteMember(context: Context, rawInput: unknown): Promise<Changed> {
  const { workspaceId, email, role } = parseInput(emailInput, rawInput);
  return changeWorkspace(context, workspaceId, async (change) => {
    const { tx, workspace, actorId, now, audit } = change;
    requireMayAdd(change.viewerRole, role);
    requireInUse(workspace);
    const person = await findUserByEmail(tx, email);
    const [member] = person ? await findMemberships(tx, [{ workspaceId, userId: person.id }]) : [];
    if (member) refuse('ALREADY_MEMBER', 'This person is a member already');
    const open = await findOpenInvitation(tx, { workspaceId, email, now });
    if (open?.role === role) return { invitation: open, workspace };
    if (open) refuse('ALREADY_INVITED', 'This address has an invitation already, with another role');
    await requireFewEmails(context, change, email);
    const id = newId();
    const invitation = newInvitation({
      ...{ id, workspaceId, email, role, inviterId: actorId, maxUses: 1, days: EMAIL_DAYS, now },
    });
    await insertInvitation(tx, invitation);
    send(change, invitation);
    await audit({ action: 'INVITATION_SENT', changes: told(invitation) });
    return { invitation, workspace };
  });
}

/** Makes a link by which a number of people can come in. Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED. */
export async function createInvitationLink(context: Context, rawInput: unknown): Promise<Changed> {
  const { workspaceId, role, maxUses, days } = parseInput(linkInput, rawInput);
  return changeWorkspace(context, workspaceId, async ({ tx, workspace, viewerRole: own, actorId, now, audit }) => {
    requireMayAdd(own, role);
    requireInUse(workspace);
    const invitation = newInvitation({
      ...{ id: newId(), workspaceId, email: null, role, inviterId: actorId, maxUses, days, now },
    });
    await insertInvitation(tx, invitation);
    await audit({ action: 'INVITATION_LINK_CREATED', changes: told(invitation) });
    return { invitation, workspace };
  });
}

/**
 * Sends an invitation again, also one that has expired; its time begins anew, and the earlier e-mail holds no longer.
 * Refusals: BAD_USER_INPUT (a link, too), NOT_FOUND, FORBIDDEN, INVITATION_REVOKED, INVITATION_USED, WORKSPACE_ARCHIVED, TOO_BUSY.
 */
export async function resendInvitation(context: Context, rawInput: unknown): Promise<Changed> {
  return changeInvitation(context, rawInput, async (before, change) => {
    const { tx, workspace, viewerRole: own, now, audit } = change;
    requireMayAdd(own, before.role);
    requireInUse(workspace);
    if (before.email === null) refuseInput([{ path: ['input', 'id'], message: 'A link is not sent' }]);
    const invitation = reissued(before, now);
    requireOpen(invitation, invitation.issue, now);
    await requireFewEmails(context, change, before.email);
    await updateInvitation(tx, invitation);
    send(change, invitation);
    await audit({ action: 'INVITATION_RESENT', changes: told(invitation) });
    return invitation;
  });
}

/**
 * Takes an invitation back. One that was taken back, or has expired, stays as it is.
 * Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, INVITATION_USED.
 */
export async function revokeInvitation(context: Context, rawInput: unknown): Promise<Changed> {
  return changeInvitation(context, rawInput, async (before, { tx, now, audit }) => {
    if (before.endReason === 'REVOKED') return before;
    if (before.endReason) refuse('INVITATION_USED', 'This invitation was used before');
    const invitation = ended(before, 'REVOKED', now);
    await updateInvitation(tx, invitation);
    await audit({ action: 'INVITATION_REVOKED', changes: told(invitation) });
    return invitation;
  });
}

/** Changes an invitation, in its locked workspace. To whoever is not a member of that there is no such invitation. */
async function changeInvitation(
  context: Context,
  rawInput: unknown,
  work: (invitation: Invitation, change: Change) => Promise<Invitation>,
): Promise<Changed> {
  requireViewer(context.viewer);
  const { id } = parseInput(idInput, rawInput);
  const refuseUnknown = () => refuse('NOT_FOUND', 'There is no such invitation');
  const found = await findInvitation(context.deps.prisma, id);
  // Members without the right see no invitations, but know the workspace.
  if (!canSee(await viewerRole(context, found?.workspaceId ?? id)) || !found) return refuseUnknown();
  return changeWorkspace(context, found.workspaceId, async (change) => {
    if (!canAddMembers(change.viewerRole)) refuse('FORBIDDEN', 'Only owners and admins may change invitations');
    const before = (await findInvitation(change.tx, id)) ?? refuseUnknown();
    return { invitation: await work(before, change), workspace: change.workspace };
  });
}

/** Has the e-mail sent: notifications asks what it says when it is about to leave (letters.ts). */
function send({ record, actorId }: Change, { id, issue }: Invitation): void {
  const data = { letter: { kind: 'INVITATION', subjectId: id, issue } };
  record(LetterDue, { aggregateId: newId(), version: 1, actorId, data });
}

/** TOO_BUSY when the workspace or, over all of theirs, the inviter has sent enough, or the address has been sent enough. */
async function requireFewEmails({ deps, client }: Context, change: Change, email: string): Promise<void> {
  const { tx, workspace, actorId, now } = change;
  const from = new Date(now.getTime() - DAY_MS);
  const sent = await countAuditEntries(tx, workspace.id, { actions: ['INVITATION_SENT', 'INVITATION_RESENT'], from });
  if (sent >= MOST_A_DAY)
    refuse('TOO_BUSY', 'This workspace has sent enough invitations for a day', { retryAfter: 3600 });
  if ((await countInvitationsSentBy(tx, actorId, from)) >= MOST_A_DAY)
    refuse('TOO_BUSY', 'You have sent enough invitations for a day', { retryAfter: 3600 });
  // Together with all other e-mails that anybody can have sent to an address that may be somebody else's.
  await deps.mails.begin(email, client.address);
}

/** What the audit log says of an invitation. */
function told({ email, role }: Invitation) {
  return { ...(email !== null && { email: { from: null, to: email } }), role: { from: null, to: role } };
}
