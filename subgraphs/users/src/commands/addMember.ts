import { z } from 'zod';
import { MembershipChanged } from '#events/users.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { viewerRole } from '../access.ts';
import type { Context } from '../context.ts';
import { addMembership, type Membership, requireMayAdd } from '../domain/membership.ts';
import { roleSchema } from '../domain/roleSchema.ts';
import { emailSchema } from '../domain/user.ts';
import { requireInUse, type Workspace } from '../domain/workspace.ts';
import type { AddMemberInput } from '../generated/resolvers.ts';
import { keepAccount } from '../store/accounts.ts';
import { findEndedMembership, findMemberships, insertMembership } from '../store/memberships.ts';
import { findUserByEmail } from '../store/users.ts';
import { type Change, changeWorkspace } from './changeWorkspace.ts';
import { membershipFact } from './facts.ts';

const inputSchema = z.strictObject({
  workspaceId: idSchema,
  email: emailSchema,
  role: roleSchema.default('MEMBER'),
});

/**
 * Makes a registered person a member. Adding somebody again with the same role answers the same and writes nothing.
 * Whose address is not verified may be somebody else: they are invited. Refusals: BAD_USER_INPUT (nobody has verified this
 * address, too), NOT_FOUND (no such workspace), FORBIDDEN, ALREADY_MEMBER, WORKSPACE_ARCHIVED.
 */
export async function addMember(
  context: Context,
  rawInput: AddMemberInput,
): Promise<{ membership: Membership; workspace: Workspace }> {
  requireViewer(context.viewer);
  const { workspaceId, email, role } = parseInput(inputSchema, rawInput);
  requireMayAdd(await viewerRole(context, workspaceId), role);
  const person = await findUserByEmail(context.deps.prisma, email);
  if (!person?.emailVerifiedAt) {
    const message = 'Nobody who is registered has verified this e-mail address: invite whoever has it';
    return refuseInput([{ path: ['input', 'email'], message }]);
  }

  return changeWorkspace(context, workspaceId, async (change) => {
    requireMayAdd(change.viewerRole, role);
    const { membership, outcome } = await admit(change, { userId: person.id, role });
    const changes = { role: { from: null, to: role } };
    if (outcome === 'added') await change.audit({ action: 'MEMBER_ADDED', subjectId: person.id, changes });
    return { membership, workspace: change.workspace };
  });
}

/**
 * Makes a person a member of the locked workspace, unless they are with this role; tells the other subgraphs. Whether they may
 * come in has been decided. Refusals: WORKSPACE_ARCHIVED, ALREADY_MEMBER.
 */
export async function admit(
  { tx, record, workspace, actorId, now }: Pick<Change, 'tx' | 'record' | 'workspace' | 'actorId' | 'now'>,
  { userId, role }: Pick<Membership, 'userId' | 'role'>,
): Promise<ReturnType<typeof addMembership>> {
  requireInUse(workspace);
  const wanted = { id: newId(), workspaceId: workspace.id, userId, role, now };
  const [existing = null] = await findMemberships(tx, [wanted]);
  const ended = await findEndedMembership(tx, { workspaceId: workspace.id, userId });
  const decided = addMembership(existing, ended, wanted);
  if (decided.outcome === 'added') {
    // This may have waited for the end of the account.
    if (!(await keepAccount(tx, userId))) refuse('NOT_FOUND', 'This person has deleted their account');
    await insertMembership(tx, decided.membership);
    record(MembershipChanged, membershipFact(decided.membership, actorId));
  }
  return decided;
}
