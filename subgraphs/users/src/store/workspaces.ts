import { Prisma } from '#prisma/users/client/client.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`id, name, version, created_at as "createdAt", archived_at as "archivedAt"`;

/** The workspaces with these ids, in no order. */
export function findWorkspaces(db: Database, ids: readonly string[]): Promise<Workspace[]> {
  return db.$queryRaw<Workspace[]>`select ${columns} from workspace where id = any(${ids}::uuid[])`;
}

/**
 * The workspace, locked until the transaction ends: whoever changes it, its members or its invitations does so one after the
 * other, and decides on what is there. Two owners who demote each other at once can't both succeed.
 */
export async function lockWorkspace(tx: Database, id: string): Promise<Workspace | null> {
  const [workspace] = await tx.$queryRaw<Workspace[]>`
    select ${columns} from workspace where id = ${id}::uuid for no key update`;
  return workspace ?? null;
}

/** Writes a workspace. Fails on its primary key. */
export async function insertWorkspace(tx: Database, workspace: Workspace): Promise<void> {
  await tx.workspace.create({ data: workspace, select: { id: true } });
}

/** Writes what may change of a workspace. */
export async function updateWorkspace(tx: Database, { id, name, archivedAt, version }: Workspace): Promise<void> {
  await tx.workspace.update({ where: { id }, data: { name, archivedAt, version }, select: { id: true } });
}
