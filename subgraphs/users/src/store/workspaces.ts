import type { Workspace } from '../domain/workspace.ts';
import type { Database } from './database.ts';

/** The workspaces with these ids, in no order. */
export function findWorkspaces(db: Database, ids: readonly string[]): Promise<Workspace[]> {
  return db.$queryRaw<Workspace[]>`
    select id, name, version, created_at as "createdAt" from workspace where id = any(${ids}::uuid[])`;
}

/** Writes a workspace. Fails on its primary key. */
export async function insertWorkspace(tx: Database, workspace: Workspace): Promise<void> {
  await tx.workspace.create({ data: workspace, select: { id: true } });
}
