import { z } from 'zod';
import { MembershipChanged, WorkspaceCreated } from '#events/users.ts';
import { claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { clientIdSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import { visibleWorkspace } from '../access.ts';
import type { Context } from '../context.ts';
import { newAuditEntry } from '../domain/auditEntry.ts';
import { newWorkspace, type Workspace } from '../domain/workspace.ts';
import type { CreateWorkspaceInput } from '../generated/resolvers.ts';
import { insertAuditEntry } from '../store/auditEntries.ts';
import { insertMembership } from '../store/memberships.ts';
import { insertWorkspace } from '../store/workspaces.ts';
import { membershipFact } from './facts.ts';

const inputSchema = z.strictObject({ id: clientIdSchema.nullish(), name: lineSchema(80) });

/**
 * Creates a workspace with the viewer as its owner. A retry with the same client id, by the same person and with the same
 * input, returns the first one.
 * Refusals: BAD_USER_INPUT, ID_TAKEN.
 */
export async function createWorkspace(context: Context, rawInput: CreateWorkspaceInput): Promise<Workspace> {
  const { deps, viewer, client } = context;
  const { userId } = requireViewer(viewer);
  const { id: clientId, ...input } = parseInput(inputSchema, rawInput);
  const claim = clientId && { id: clientId, kind: 'workspace', creatorId: userId, input };
  const id = clientId ?? newId();
  const first = async () => (await visibleWorkspace(context, id)) ?? refuse('NOT_FOUND', 'There is no such workspace');

  if (claim && (await isRepeat(deps.prisma, claim))) return first();
  const now = deps.now();
  const { workspace, membership } = newWorkspace({
    id,
    name: input.name,
    ownerId: userId,
    membershipId: newId(),
    now,
  });

  const created = await deps.outbox
    .commit(async (tx, record) => {
      if (claim && (await claimClientId(tx, claim)) === 'same') return null;
      await insertWorkspace(tx, workspace);
      await insertMembership(tx, membership);
      const given = { id: newId(), workspaceId: id, actorId: userId, at: now, client };
      await insertAuditEntry(tx, newAuditEntry({ action: 'WORKSPACE_CREATED' }, given));
      const { name, version } = workspace;
      record(WorkspaceCreated, { aggregateId: id, version, actorId: userId, data: { workspace: { id, name } } });
      record(MembershipChanged, membershipFact(membership, userId));
      return workspace;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) refuse('ID_TAKEN', 'This id is taken');
      throw error;
    });
  return created ?? first();
}
