import { z } from 'zod';
import { MembershipChanged } from '#events/users.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import {
  changeRole,
  type EndedMembership,
  endMembership,
  type Membership,
  removeMembership,
  transferOwnership as transfer,
} from '../domain/membership.ts';
import { canTransferOwnership, type Role, rolesBeyond } from '../domain/policy.ts';
import { roleSchema } from '../domain/roleSchema.ts';
import { requireInUse, type Workspace } from '../domain/workspace.ts';
import { revokeInvitations, revokeInvitationsBy } from '../store/invitations.ts';
import {
  countOwners,
  findMemberships,
  removeMembership as removeFromStore,
  updateMembership,
} from '../store/memberships.ts';
import { type Change, changeWorkspace } from './changeWorkspace.ts';
import { membershipFact } from './facts.ts';

const workspaceInput = z.strictObject({ workspaceId: idSchema });
const memberInput = workspaceInput.extend({ userId: idSchema });
const roleInput = memberInput.extend({ role: roleSchema });

/** A member after a change, in the workspace. */
export type Changed = { membership: Membership; workspace: Workspace };

/**
 * Gives a member another role. The same role changes nothing. What they have invited people to that they could not now is revoked.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (the workspace or the member), FORBIDDEN, LAST_OWNER, WORKSPACE_ARCHIVED.
 */
export async function changeMemberRole(context: Context, rawInput: unknown): Promise<Changed> {
  const { workspaceId, userId, role } = parseInput(roleInput, rawInput);
  return changeWorkspace(context, workspaceId, async (change) => {
    const { workspace, viewerRole } = change;
    const before = await requireMember(change, userId);
    const membership = changeRole(viewerRole, before, role, { owners: await ownersOf(change) });
    requireInUse(workspace);
    if (membership === before) return { membership, workspace };
    await write(change, membership);
    const changes = { role: { from: before.role, to: role } };
    await change.audit({ action: 'MEMBER_ROLE_CHANGED', subjectId: userId, changes });
    return { membership, workspace };
  });
}

/**
 * Ends somebody's membership, and what invitations there are to their address, or by them. Possible in an archived workspace, too:
 * who must not see it any more must not wait.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (the workspace or the member), FORBIDDEN, LAST_OWNER.
 */
export async function removeMember(
  context: Context,
  rawInput: unknown,
): Promise<{ userId: string; workspace: Workspace }> {
  const { workspaceId, userId } = parseInput(memberInput, rawInput);
  return changeWorkspace(context, workspaceId, async (change) => {
    const membership = await requireMember(change, userId);
    const ended = removeMembership(change.viewerRole, membership, { owners: await ownersOf(change) });
    await end(change, ended);
    await revokeInvitations(change.tx, { workspaceId, userId, now: change.now });
    const changes = { role: { from: membership.role, to: null } };
    await change.audit({ action: 'MEMBER_REMOVED', subjectId: userId, changes });
    return { userId, workspace: change.workspace };
  });
}

/** Ends the viewer's own membership, and the invitations that they have made. Refusals: BAD_USER_INPUT, NOT_FOUND, LAST_OWNER. */
export async function leaveWorkspace(context: Context, rawInput: unknown): Promise<{ workspaceId: string }> {
  const { workspaceId } = parseInput(workspaceInput, rawInput);
  return changeWorkspace(context, workspaceId, async (change) => {
    const { own } = change;
    await end(change, endMembership(own, { owners: await ownersOf(change) }));
    await change.audit({
      action: 'MEMBER_LEFT',
      subjectId: own.userId,
      changes: { role: { from: own.role, to: null } },
    });
    return { workspaceId };
  });
}

/**
 * Makes another member an owner and the viewer an admin, both at once.
 * Refusals: BAD_USER_INPUT (to oneself, too), NOT_FOUND (the workspace or the member), FORBIDDEN (a personal access token, too),
 * WORKSPACE_ARCHIVED.
 */
export async function transferOwnership(context: Context, rawInput: unknown): Promise<Changed> {
  const viewer = requireInteractive(context.viewer);
  const { workspaceId, userId } = parseInput(memberInput, rawInput);
  if (userId === viewer.userId) {
    refuseInput([{ path: ['input', 'userId'], message: 'Must be another member' }]);
  }
  return changeWorkspace(context, workspaceId, async (change) => {
    const { workspace, viewerRole, own } = change;
    if (!canTransferOwnership(viewerRole)) refuse('FORBIDDEN', 'Only owners may hand a workspace over');
    requireInUse(workspace);
    const to = await requireMember(change, userId);
    for (const membership of transfer(own, to)) await write(change, membership);
    const changes = { role: { from: to.role, to: 'OWNER' } };
    await change.audit({ action: 'OWNERSHIP_TRANSFERRED', subjectId: userId, changes });
    const [membership] = await findMemberships(change.tx, [to]);
    return { membership: membership as Membership, workspace };
  });
}

async function requireMember({ tx, workspace }: Change, userId: string): Promise<Membership> {
  const [membership] = await findMemberships(tx, [{ workspaceId: workspace.id, userId }]);
  return membership ?? refuse('NOT_FOUND', 'This person is not a member');
}

async function ownersOf({ tx, workspace }: Change): Promise<number> {
  const [owners = 0] = await countOwners(tx, [workspace.id]);
  return owners;
}

async function write(change: Change, membership: Membership): Promise<void> {
  await updateMembership(change.tx, membership);
  await revokeBeyond(change, membership, membership.role);
  change.record(MembershipChanged, membershipFact(membership, change.actorId));
}

async function end(change: Change, ended: EndedMembership): Promise<void> {
  await removeFromStore(change.tx, ended);
  await revokeBeyond(change, ended, null);
  change.record(MembershipChanged, membershipFact(ended, change.actorId));
}

/** Nobody comes in by what its maker could not make any more. */
function revokeBeyond({ tx, now }: Change, { workspaceId, userId }: EndedMembership, role: Role | null): Promise<void> {
  return revokeInvitationsBy(tx, { workspaceId, inviterId: userId, roles: rolesBeyond(role), now });
}
