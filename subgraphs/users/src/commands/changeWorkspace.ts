import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { newId } from '#platform/ids.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import { viewerRole as roleOfViewer } from '../access.ts';
import type { Context } from '../context.ts';
import { type AuditFact, newAuditEntry } from '../domain/auditEntry.ts';
import type { Membership } from '../domain/membership.ts';
import { canSee, type Role } from '../domain/policy.ts';
import type { Workspace } from '../domain/workspace.ts';
import { insertAuditEntry } from '../store/auditEntries.ts';
import type { Database } from '../store/database.ts';
import { findMemberships } from '../store/memberships.ts';
import { lockWorkspace } from '../store/workspaces.ts';

/** A workspace that is being changed: locked, with the viewer's place in it as it is now. */
export type Change = {
  tx: Database;
  record: RecordEvent;
  workspace: Workspace;
  actorId: string;
  viewerRole: Role;
  /** The viewer's own membership. */
  own: Membership;
  now: Date;
  /** Writes down who did this, from where. */
  audit(fact: AuditFact): Promise<void>;
};

/**
 * Changes a workspace, its members or its invitations: one after the other, on what is there and not on what was read before.
 * NOT_FOUND for whoever is not a member; they are refused before anything is locked.
 */
export async function changeWorkspace<Result>(
  context: Context,
  workspaceId: string,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  const { deps, viewer, client, loaders } = context;
  const { userId: actorId } = requireViewer(viewer);
  if (!canSee(await roleOfViewer(context, workspaceId))) refuseUnknown();
  try {
    return await deps.outbox.commit(async (tx, record) => {
      const workspace = (await lockWorkspace(tx, workspaceId)) ?? refuseUnknown();
      const [own] = await findMemberships(tx, [{ workspaceId, userId: actorId }]);
      if (!own) refuseUnknown();
      const now = deps.now();
      return work({
        ...{ tx, record, workspace, actorId, viewerRole: own.role, own, now },
        audit: (fact) =>
          insertAuditEntry(tx, newAuditEntry(fact, { id: newId(), workspaceId, actorId, at: now, client })),
      });
    });
  } finally {
    // What the rest of this request reads is what is there now.
    loaders.workspace.clear(workspaceId);
    loaders.membership.clearAll();
    loaders.owners.clear(workspaceId);
  }
}

function refuseUnknown(): never {
  return refuse('NOT_FOUND', 'There is no such workspace');
}
