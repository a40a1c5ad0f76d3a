import type { Membership, MembershipKey } from '../domain/membership.ts';
import type { Database } from './database.ts';

/** What the projection holds, in the order of the keys; null where it has nothing. One query. */
export async function findMemberships(db: Database, keys: readonly MembershipKey[]): Promise<(Membership | null)[]> {
  const rows = await db.$queryRaw<Membership[]>`
    select workspace_id as "workspaceId", user_id as "userId", role::text, version
    from membership
    where (workspace_id, user_id) in (
      select * from unnest(${keys.map((key) => key.workspaceId)}::uuid[], ${keys.map((key) => key.userId)}::uuid[])
    )`;
  const found = new Map(rows.map((row) => [membershipKey(row), row]));
  return keys.map((key) => found.get(membershipKey(key)) ?? null);
}

/** Keeps what users has told of a membership, unless something as new or newer is known. Tombstones (`role` null) stay. */
export async function keepMembership(db: Database, membership: Membership): Promise<void> {
  const { workspaceId, userId, role, version } = membership;
  await db.$executeRaw`
    insert into membership (workspace_id, user_id, role, version)
    values (${workspaceId}::uuid, ${userId}::uuid, ${role}::workspace_role, ${version})
    on conflict (workspace_id, user_id) do update set role = excluded.role, version = excluded.version
    where membership.version < excluded.version`;
}

/** A text that stands for the key. */
export function membershipKey({ workspaceId, userId }: MembershipKey): string {
  return `${workspaceId} ${userId}`;
}
