import { z } from 'zod';
import { MembershipChanged } from '#events/users.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { viewerRole } from '../access.ts';
import type { Context } from '../context.ts';
import { addMembership, type Membership, requireMayAdd } from '../domain/membership.ts';
import { emailSchema } from '../domain/user.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { AddMemberInput } from '../generated/resolvers.ts';
import { findMemberships, insertMembership } from '../store/memberships.ts';
import { findUserByEmail } from '../store/users.ts';

const inputSchema = z.strictObject({
  workspaceId: idSchema,
  email: emailSchema,
  role: z.enum(['OWNER', 'ADMIN', 'MEMBER', 'GUEST']).default('MEMBER'),
});

/**
 * Makes a registered person a member. Adding somebody again with the same role answers the same and writes nothing.
 * Refusals: BAD_USER_INPUT (nobody has this address, too), NOT_FOUND (no such workspace), FORBIDDEN, ALREADY_MEMBER.
 */
export async function addMember(
  context: Context,
  rawInput: AddMemberInput,
): Promise<{ membership: Membership; workspace: Workspace }> {
  const { deps, viewer, loaders } = context;
  const { userId: actorId } = requireViewer(viewer);
  const { workspaceId, email, role } = parseInput(inputSchema, rawInput);

  requireMayAdd(await viewerRole(context, workspaceId), role);
  const workspace = (await loaders.workspace.load(workspaceId)) ?? refuse('NOT_FOUND', 'There is no such workspace');
  const person =
    (await findUserByEmail(deps.prisma, email)) ??
    refuseInput([{ path: ['input', 'email'], message: 'Nobody is registered with this e-mail address' }]);

  const wanted = { id: newId(), workspaceId, userId: person.id, role, now: deps.now() };
  const add = async (): Promise<Membership> => {
    const [existing = null] = await findMemberships(deps.prisma, [wanted]);
    const { outcome, membership } = addMembership(existing, wanted);
    if (outcome === 'added') {
      await deps.outbox.commit(async (tx, record) => {
        await insertMembership(tx, membership);
        record(MembershipChanged, membershipFact(membership, actorId));
      });
    }
    return membership;
  };
  const membership = await add().catch((error: unknown) => {
    // Somebody else added the person at the same moment: decide again, now with that membership.
    if (isUniqueViolation(error)) return add();
    throw error;
  });
  return { membership, workspace };
}

/** The fact of a membership, as MembershipChanged carries it. */
export function membershipFact({ id, workspaceId, userId, role, version }: Membership, actorId: string) {
  return { aggregateId: id, version, actorId, data: { membership: { workspaceId, userId, role } } };
}
