import { z } from 'zod';
import { parseInput } from '#platform/input.ts';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { Invitation, InvitationState } from '../domain/invitation.ts';
import type { Role } from '../domain/policy.ts';
import type { Database } from './database.ts';

/** The invitation with this id. */
export function findInvitation(db: Database, id: string): Promise<Invitation | null> {
  return db.invitation.findUnique({ where: { id } });
}

/** The invitation of this address that is still open, if there is one. */
export function findOpenInvitation(
  db: Database,
  { workspaceId, email, now }: { workspaceId: string; email: string; now: Date },
): Promise<Invitation | null> {
  return db.invitation.findFirst({ where: { workspaceId, email, endReason: null, expiresAt: { gt: now } } });
}

/** Writes an invitation. */
export async function insertInvitation(tx: Database, invitation: Invitation): Promise<void> {
  await tx.invitation.create({ data: invitation, select: { id: true } });
}

/** Writes what may change of an invitation. */
export async function updateInvitation(tx: Database, invitation: Invitation): Promise<void> {
  const { id, uses, issue, version, expiresAt, endedAt, endReason } = invitation;
  const data = { uses, issue, version, expiresAt, endedAt, endReason };
  await tx.invitation.update({ where: { id }, data, select: { id: true } });
}

/** Revokes what is open for an address: whoever is removed does not come back by it. */
export async function revokeInvitations(
  tx: Database,
  { workspaceId, userId, now }: { workspaceId: string; userId: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`
    update invitation i set end_reason = 'REVOKED', ended_at = ${now}::timestamptz, version = i.version + 1
    from "user" u
    where u.id = ${userId}::uuid and i.workspace_id = ${workspaceId}::uuid and i.email = u.email and i.end_reason is null`;
}

/** Revokes what somebody has made that is open, an e-mail or a link, into one of these roles. */
export async function revokeInvitationsBy(
  tx: Database,
  { workspaceId, inviterId, roles, now }: { workspaceId: string; inviterId: string; roles: readonly Role[]; now: Date },
): Promise<void> {
  if (roles.length === 0) return;
  await tx.$executeRaw`
    update invitation set end_reason = 'REVOKED', ended_at = ${now}::timestamptz, version = version + 1
    where workspace_id = ${workspaceId}::uuid and inviter_id = ${inviterId}::uuid and end_reason is null
      and role::text = any(${roles})`;
}

/** The keys of a cursor in a list of invitations, the latest first. */
export const invitationCursor = {
  ordering: 'invitations -createdAt -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: ({ createdAt, id }: Invitation) => [createdAt.toISOString(), id],
};

/** Which invitations are wanted: those in one of these states; null: all. `now` decides which have expired. */
export type InvitationFilter = { states: InvitationState[] | null; now: Date };

const filterSchema = z.strictObject({
  states: z
    .array(z.enum(['PENDING', 'EXPIRED', 'ACCEPTED', 'DECLINED', 'REVOKED']))
    .min(1, 'Must name a state')
    .nullish(),
});

/** Reads the filter of a client. Throws BAD_USER_INPUT. */
export function readInvitationFilter(filter: unknown, now: Date): InvitationFilter {
  return { states: parseInput(filterSchema, filter ?? {}, ['filter']).states ?? null, now };
}

/** The invitations of each workspace, the latest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listInvitations(
  db: Database,
  workspaceIds: readonly string[],
  { limit, after }: Page,
  { states, now }: InvitationFilter,
): Promise<Invitation[]> {
  const state = Prisma.sql`
    coalesce(end_reason::text, case when expires_at <= ${now}::timestamptz then 'EXPIRED' else 'PENDING' end)`;
  const beyond = after
    ? Prisma.sql`and (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<Invitation[]>`
    select i.* from unnest(${workspaceIds}::uuid[]) as wanted (workspace_id)
    cross join lateral (
      select id, workspace_id as "workspaceId", email, role::text, inviter_id as "inviterId", max_uses as "maxUses", uses,
        issue, version, created_at as "createdAt", expires_at as "expiresAt", ended_at as "endedAt",
        end_reason::text as "endReason"
      from invitation
      where invitation.workspace_id = wanted.workspace_id ${beyond}
        ${states ? Prisma.sql`and ${state} = any(${states})` : Prisma.empty}
      order by created_at desc, id desc
      limit ${limit + 1}
    ) as i
    order by "createdAt" desc, id desc`;
}
