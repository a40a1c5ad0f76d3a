import type { Membership, MembershipKey } from '../domain/membership.ts';
import type { Database } from './database.ts';

/** A text for the key. */
export const membershipKey = ({ workspaceId, userId }: MembershipKey): string => `${workspaceId} ${userId}`;

/** The memberships in the order of the keys, tombstones included; null where the projection has none. One query. */
export async function findMemberships(db: Database, keys: readonly MembershipKey[]): Promise<(Membership | null)[]> {
  const rows = await db.$queryRaw<Membership[]>`
    select m.workspace_id as "workspaceId", m.user_id as "userId", m.role, m.version
    from unnest(${keys.map((key) => key.workspaceId)}::uuid[], ${keys.map((key) => key.userId)}::uuid[]) as k(workspace_id, user_id)
    join membership m using (workspace_id, user_id)`;
  const byKey = new Map(rows.map((row) => [membershipKey(row), row]));
  return keys.map((key) => byKey.get(membershipKey(key)) ?? null);
}

/** Keeps the membership unless the projection has the same version or a later one: events come in any order. */
export async function keepMembership(db: Database, membership: Membership): Promise<void> {
  const { workspaceId, userId, role, version } = membership;
  await db.$executeRaw`
    insert into membership (workspace_id, user_id, role, version)
    values (${workspaceId}::uuid, ${userId}::uuid, ${role}::workspace_role, ${version})
    on conflict (workspace_id, user_id) do update set role = excluded.role, version = excluded.version
    where membership.version < excluded.version`;
}
