import { z } from 'zod';
import { idSchema } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import { type AuditAction, type AuditEntry, auditActions } from '../domain/auditEntry.ts';
import type { Database } from './database.ts';

/** Writes an entry, in the transaction of what it tells of. */
export async function insertAuditEntry(tx: Database, entry: AuditEntry): Promise<void> {
  await tx.auditEntry.create({ data: entry, select: { id: true } });
}

/** The keys of a cursor in an audit log, the latest entry first. */
export const auditCursor = {
  ordering: 'audit -at -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: ({ at, id }: AuditEntry) => [at.toISOString(), id],
};

/** Which entries are wanted: all of what is given fits them. `from` is included, `until` is not. */
export type AuditLogFilter = {
  actorId: string | null;
  actions: AuditAction[] | null;
  from: Date | null;
  until: Date | null;
};

const filterSchema = z
  .strictObject({
    actorId: idSchema.nullish(),
    actions: z.array(z.enum(auditActions)).min(1, 'Must name an action').nullish(),
    from: z.date().nullish(),
    until: z.date().nullish(),
  })
  .refine(({ from, until }) => !from || !until || from < until, { path: ['until'], message: 'Must be after from' });

/** Reads the filter of a client. Throws BAD_USER_INPUT. */
export function readAuditLogFilter(filter: unknown): AuditLogFilter {
  const {
    actorId = null,
    actions = null,
    from = null,
    until = null,
  } = parseInput(filterSchema, filter ?? {}, ['filter']);
  return { actorId, actions, from, until };
}

/** The entries of each workspace, the latest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listAuditEntries(
  db: Database,
  workspaceIds: readonly string[],
  { limit, after }: Page,
  { actorId, actions, from, until }: AuditLogFilter,
): Promise<AuditEntry[]> {
  // Spelled out rather than "is null or …": a generic plan could not use the index for that.
  const wanted = [
    after && Prisma.sql`and (at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    actorId && Prisma.sql`and actor_id = ${actorId}::uuid`,
    actions && Prisma.sql`and action = any(${actions}::audit_action[])`,
    from && Prisma.sql`and at >= ${from}::timestamptz`,
    until && Prisma.sql`and at < ${until}::timestamptz`,
  ].filter((one) => one !== null && one !== '');
  return db.$queryRaw<AuditEntry[]>`
    select entry.* from unnest(${workspaceIds}::uuid[]) as wanted (workspace_id)
    cross join lateral (
      select id, workspace_id as "workspaceId", action::text, actor_id as "actorId", subject_id as "subjectId", at, address,
        user_agent as "userAgent", changes
      from audit_entry
      where audit_entry.workspace_id = wanted.workspace_id ${wanted.length > 0 ? Prisma.join(wanted, ' ') : Prisma.empty}
      order by at desc, id desc
      limit ${limit + 1}
    ) as entry
    order by at desc, id desc`;
}

/** How many entries of a workspace there are of these actions since `from`. */
export function countAuditEntries(
  db: Database,
  workspaceId: string,
  { actions, from }: { actions: AuditAction[]; from: Date },
): Promise<number> {
  return db.auditEntry.count({ where: { workspaceId, action: { in: actions }, at: { gte: from } } });
}

/** How many invitations somebody has sent from this time on, in all workspaces. */
export function countInvitationsSentBy(db: Database, actorId: string, from: Date): Promise<number> {
  return db.auditEntry.count({
    where: { actorId, at: { gte: from }, action: { in: ['INVITATION_SENT', 'INVITATION_RESENT'] } },
  });
}
