import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { Membership } from '../domain/membership.ts';
import type { Database } from './database.ts';

/** Which membership is meant. */
export type MembershipKey = { workspaceId: string; userId: string };

/** A text that stands for the key. */
export const membershipKey = ({ workspaceId, userId }: MembershipKey): string => `${workspaceId} ${userId}`;

const columns = Prisma.sql`
  id, workspace_id as "workspaceId", user_id as "userId", role::text, version, joined_at as "joinedAt"`;

/** The memberships in the order of the keys; null where there is none. One query. */
export async function findMemberships(db: Database, keys: readonly MembershipKey[]): Promise<(Membership | null)[]> {
  const rows = await db.$queryRaw<Membership[]>`
    select ${columns} from membership
    where (workspace_id, user_id) in (
      select * from unnest(${keys.map((key) => key.workspaceId)}::uuid[], ${keys.map((key) => key.userId)}::uuid[])
    )`;
  const found = new Map(rows.map((row) => [membershipKey(row), row]));
  return keys.map((key) => found.get(membershipKey(key)) ?? null);
}

/** All memberships of a person. */
export function findMembershipsOf(db: Database, userId: string): Promise<Membership[]> {
  return db.$queryRaw<Membership[]>`select ${columns} from membership where user_id = ${userId}::uuid`;
}

/** Writes a membership. Fails on the unique index of workspace and user. */
export async function insertMembership(tx: Database, membership: Membership): Promise<void> {
  await tx.membership.create({ data: membership, select: { id: true } });
}

/** The keys of a cursor in a list of memberships, the oldest first. */
export const membershipCursor = {
  ordering: 'memberships +joinedAt +id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (membership: Membership) => [membership.joinedAt.toISOString(), membership.id],
};

/** The memberships of each workspace, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listMembersOf(db: Database, workspaceIds: readonly string[], page: Page): Promise<Membership[]> {
  return list(db, Prisma.sql`workspace_id`, workspaceIds, page);
}

/** The memberships of each person, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listMembershipsOf(db: Database, userIds: readonly string[], page: Page): Promise<Membership[]> {
  return list(db, Prisma.sql`user_id`, userIds, page);
}

function list(db: Database, parent: Prisma.Sql, ids: readonly string[], { limit, after }: Page): Promise<Membership[]> {
  // Spelled out rather than "cursor is null or …": a generic plan could not use the index for that.
  const beyond = after ? Prisma.sql`and (joined_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  return db.$queryRaw<Membership[]>`
    select membership.* from unnest(${ids}::uuid[]) as wanted (parent_id)
    cross join lateral (
      select ${columns} from membership
      where membership.${parent} = wanted.parent_id ${beyond}
      order by joined_at, id
      limit ${limit + 1}
    ) as membership
    order by "joinedAt", id`;
}
