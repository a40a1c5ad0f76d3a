import { z } from 'zod';
import { WorkspaceChanged } from '#events/users.ts';
import { refuse } from '#platform/errors.ts';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import type { Context } from '../context.ts';
import type { AuditFact } from '../domain/auditEntry.ts';
import { canArchive, canRename } from '../domain/policy.ts';
import { archived, renamed, requireInUse, type Workspace } from '../domain/workspace.ts';
import { updateWorkspace } from '../store/workspaces.ts';
import { type Change, changeWorkspace } from './changeWorkspace.ts';
import { workspaceFact } from './facts.ts';

const idInput = z.strictObject({ id: idSchema });
const renameInput = idInput.extend({ name: lineSchema(80) });

/** Gives a workspace another name. Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED. */
export async function renameWorkspace(context: Context, rawInput: unknown): Promise<Workspace> {
  const { id, name } = parseInput(renameInput, rawInput);
  return changeWorkspace(context, id, async (change) => {
    const { workspace, viewerRole } = change;
    if (!canRename(viewerRole)) refuse('FORBIDDEN', 'Only owners and admins may rename a workspace');
    requireInUse(workspace);
    const changes = { name: { from: workspace.name, to: name } };
    return write(change, renamed(workspace, name), { action: 'WORKSPACE_RENAMED', changes });
  });
}

/** Archives a workspace; an archived one stays as it is. Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function archiveWorkspace(context: Context, rawInput: unknown): Promise<Workspace> {
  return setArchived(context, rawInput, true);
}

/** Puts an archived workspace to use again; one in use stays as it is. Refusals: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function restoreWorkspace(context: Context, rawInput: unknown): Promise<Workspace> {
  return setArchived(context, rawInput, false);
}

async function setArchived(context: Context, rawInput: unknown, archive: boolean): Promise<Workspace> {
  const { id } = parseInput(idInput, rawInput);
  return changeWorkspace(context, id, async (change) => {
    if (!canArchive(change.viewerRole)) refuse('FORBIDDEN', 'Only owners may archive a workspace and restore it');
    const next = archived(change.workspace, archive ? change.now : null);
    return write(change, next, { action: archive ? 'WORKSPACE_ARCHIVED' : 'WORKSPACE_RESTORED' });
  });
}

async function write(change: Change, next: Workspace, fact: AuditFact): Promise<Workspace> {
  const { tx, record, workspace, actorId, audit } = change;
  if (next === workspace) return workspace;
  await updateWorkspace(tx, next);
  record(WorkspaceChanged, workspaceFact(next, actorId));
  await audit(fact);
  return next;
}
