import { z } from 'zod';
import { parseInput } from '#platform/input.ts';
import type { Page } from '#platform/pages.ts';
import { lineSchema } from '#platform/text.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { EndedMembership, Membership } from '../domain/membership.ts';
import type { Role } from '../domain/policy.ts';
import { roleSchema } from '../domain/roleSchema.ts';
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

/** A membership as others keep it: the role is null once it has ended. */
export type KnownMembership = MembershipKey & { role: Role | null; version: number };

/** All memberships of a person, those that have ended included. */
export function findKnownMemberships(db: Database, userId: string): Promise<KnownMembership[]> {
  return db.$queryRaw<KnownMembership[]>`
    select workspace_id as "workspaceId", user_id as "userId", role::text, version
    from membership where user_id = ${userId}::uuid
    union all
    select workspace_id, user_id, null, version from ended_membership where user_id = ${userId}::uuid`;
}

/** The membership of this person that has ended, if there was one and it was not begun again. */
export function findEndedMembership(db: Database, key: MembershipKey): Promise<EndedMembership | null> {
  return db.endedMembership.findUnique({ where: { userId_workspaceId: key } });
}

/** How many owners each of these workspaces has, in the order of the ids. One query. */
export async function countOwners(db: Database, workspaceIds: readonly string[]): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: string; owners: number }[]>`
    select workspace_id as id, count(*)::int as owners from membership
    where workspace_id = any(${workspaceIds}::uuid[]) and role = 'OWNER' group by workspace_id`;
  const counts = new Map(rows.map(({ id, owners }) => [id, owners]));
  return workspaceIds.map((id) => counts.get(id) ?? 0);
}

/** Writes a membership, new or begun again. Fails on the unique index of workspace and user. */
export async function insertMembership(tx: Database, membership: Membership): Promise<void> {
  if (membership.version > 1) await tx.endedMembership.deleteMany({ where: { id: membership.id } });
  await tx.membership.create({ data: membership, select: { id: true } });
}

/** Writes what may change of a membership. */
export async function updateMembership(tx: Database, { id, role, version }: Membership): Promise<void> {
  await tx.membership.update({ where: { id }, data: { role, version }, select: { id: true } });
}

/** Ends a membership: from here on nothing finds it but what other subgraphs are told. */
export async function removeMembership(tx: Database, ended: EndedMembership): Promise<void> {
  await tx.membership.delete({ where: { id: ended.id }, select: { id: true } });
  await tx.endedMembership.create({ data: ended, select: { id: true } });
}

/** The keys of a cursor in a list of memberships, the oldest first. */
export const membershipCursor = {
  ordering: 'memberships +joinedAt +id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (membership: Membership) => [membership.joinedAt.toISOString(), membership.id],
};

/** Which members are wanted: all of what is given fits them. `name`: what a word of it begins with. */
export type MemberFilter = { name: string | null; roles: Role[] | null };

const memberFilterSchema = z.strictObject({
  name: lineSchema(80).nullish(),
  roles: z.array(roleSchema).min(1, 'Must name a role').max(4).nullish(),
});

/** Reads the filter of a client. Throws BAD_USER_INPUT. */
export function readMemberFilter(filter: unknown): MemberFilter {
  const { name = null, roles = null } = parseInput(memberFilterSchema, filter ?? {}, ['filter']);
  return { name, roles };
}

/** Which memberships of a person are wanted: those of workspaces that are archived, or in use; null: both. */
export type WorkspaceFilter = { archived: boolean | null };

/** The memberships of each workspace, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listMembersOf(
  db: Database,
  workspaceIds: readonly string[],
  page: Page,
  { name, roles }: MemberFilter,
): Promise<Membership[]> {
  const start = name?.replace(/[\\%_]/g, '\\$&');
  return list(db, Prisma.sql`workspace_id`, workspaceIds, page, [
    roles ? Prisma.sql`and role = any(${roles}::workspace_role[])` : Prisma.empty,
    start === undefined
      ? Prisma.empty
      : Prisma.sql`and exists (
          select from "user" u where u.id = membership.user_id
            and (lower(u.name) like lower(${`${start}%`}) or lower(u.name) like lower(${`% ${start}%`}))
        )`,
  ]);
}

/** The memberships of each person, the oldest first: up to `limit + 1` each, after the cursor. One query for all of them. */
export function listMembershipsOf(
  db: Database,
  userIds: readonly string[],
  page: Page,
  { archived }: WorkspaceFilter,
): Promise<Membership[]> {
  return list(db, Prisma.sql`user_id`, userIds, page, [
    archived === null
      ? Prisma.empty
      : Prisma.sql`and exists (
          select from workspace w where w.id = membership.workspace_id and (w.archived_at is not null) = ${archived}
        )`,
  ]);
}

function list(
  db: Database,
  parent: Prisma.Sql,
  ids: readonly string[],
  { limit, after }: Page,
  [one, other = Prisma.empty]: [Prisma.Sql, Prisma.Sql?],
): Promise<Membership[]> {
  // Spelled out rather than "cursor is null or …": a generic plan could not use the index for that.
  const beyond = after ? Prisma.sql`and (joined_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
  return db.$queryRaw<Membership[]>`
    select membership.* from unnest(${ids}::uuid[]) as wanted (parent_id)
    cross join lateral (
      select ${columns} from membership
      where membership.${parent} = wanted.parent_id ${beyond} ${one} ${other}
      order by joined_at, id
      limit ${limit + 1}
    ) as membership
    order by "joinedAt", id`;
}
