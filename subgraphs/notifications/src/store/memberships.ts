import type { Pool } from 'pg';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import type { Membership, MembershipKey } from '../domain/membership.ts';

/** What the projection holds, in the order of the keys; null where it has nothing. One query. */
export async function findMemberships(pool: Pool, keys: readonly MembershipKey[]): Promise<(Membership | null)[]> {
  const { rows } = await pool.query<Membership>({
    name: 'find-memberships',
    text: `select workspace_id as "workspaceId", user_id as "userId", role, version from membership
      where (workspace_id, user_id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
    values: [keys.map((key) => key.workspaceId), keys.map((key) => key.userId)],
  });
  const found = new Map(rows.map((row) => [membershipKey(row), row]));
  return keys.map((key) => found.get(membershipKey(key)) ?? null);
}

/** What users has told of memberships. Those that have ended stay, with a role of null. */
export const memberships = defineProjection<Membership>({
  table: 'membership',
  columns: { workspaceId: 'workspace_id', userId: 'user_id', role: 'role' },
  key: ['workspaceId', 'userId'],
});

/** A text that stands for the key. */
export function membershipKey({ workspaceId, userId }: MembershipKey): string {
  return `${workspaceId} ${userId}`;
}
