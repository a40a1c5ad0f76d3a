import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/tasks/client/client.ts';
import type { Project } from '../domain/project.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`
  id, workspace_id as "workspaceId", key, name, creator_id as "creatorId", version, created_at as "createdAt"`;

/** The projects with these ids, in no order. */
export function findProjects(db: Database, ids: readonly string[]): Promise<Project[]> {
  return db.$queryRaw<Project[]>`select ${columns} from project where id = any(${ids}::uuid[])`;
}

/** The projects that somebody made. */
export function listProjectsBy(db: Database, creatorId: string): Promise<Project[]> {
  return db.project.findMany({ where: { creatorId }, orderBy: { id: 'asc' }, omit: { lastTaskNumber: true } });
}

/** Writes a project. Fails on the unique index of workspace and key, or on its primary key. */
export async function insertProject(tx: Database, project: Project): Promise<void> {
  await tx.project.create({ data: project, select: { id: true } });
}

/** The keys of a cursor in a list of projects, the oldest first. */
export const projectCursor = {
  ordering: 'projects +createdAt +id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (project: Project) => [project.createdAt.toISOString(), project.id],
};

/** The projects of each workspace, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listProjects(
  db: Database,
  workspaceIds: readonly string[],
  { limit, after }: Page,
): Promise<Project[]> {
  // Spelled out rather than "cursor is null or …": a generic plan could not use the index for that.
  const beyond = after
    ? Prisma.sql`and (created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<Project[]>`
    select project.* from unnest(${workspaceIds}::uuid[]) as wanted (workspace_id)
    cross join lateral (
      select ${columns} from project
      where project.workspace_id = wanted.workspace_id ${beyond}
      order by created_at, id
      limit ${limit + 1}
    ) as project
    order by "createdAt", id`;
}
