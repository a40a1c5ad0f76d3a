import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { PersonalToken } from '../domain/personalToken.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`
  t.id, t.user_id as "userId", t.name, t.scope::text, t.created_at as "createdAt", t.expires_at as "expiresAt",
  t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"`;

/** Writes a token, by the hash of its secret. */
export async function insertPersonalToken(tx: Database, token: PersonalToken, hash: Uint8Array<ArrayBuffer>) {
  await tx.personalToken.create({ data: { ...token, hash }, select: { id: true } });
}

/** The token with this secret, if it is good and its owner is not suspended; marked as used now. */
export async function takePersonalToken(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<PersonalToken | null> {
  const [token] = await db.$queryRaw<PersonalToken[]>`
    update personal_token t set last_used_at = ${now}
    from "user" u
    where t.hash = ${hash} and t.revoked_at is null and t.expires_at > ${now} and u.id = t.user_id and u.suspended_at is null
    returning ${columns}`;
  return token ?? null;
}

/** Revokes tokens that are not: one of a person's, or all of them. Returns those that it has revoked. */
export function revokePersonalTokens(
  tx: Database,
  { userId, id, now }: { userId: string; id?: string; now: Date },
): Promise<PersonalToken[]> {
  const one = id ? Prisma.sql`and t.id = ${id}::uuid` : Prisma.empty;
  return tx.$queryRaw<PersonalToken[]>`
    update personal_token t set revoked_at = ${now} where t.user_id = ${userId}::uuid ${one} and t.revoked_at is null
    returning ${columns}`;
}

/** Whether this is one of the person's tokens. */
export async function isTokenOf(db: Database, { userId, id }: { userId: string; id: string }): Promise<boolean> {
  return (await db.personalToken.count({ where: { id, userId } })) > 0;
}

/** The keys of a cursor in a list of tokens, the latest first. */
export const personalTokenCursor = {
  ordering: 'personalTokens -createdAt -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (token: PersonalToken) => [token.createdAt.toISOString(), token.id],
};

/** A person's tokens that are good, the latest first: up to `limit + 1`, after the cursor. */
export function listPersonalTokens(
  db: Database,
  userId: string,
  { limit, after }: Page,
  now: Date,
): Promise<PersonalToken[]> {
  const beyond = after
    ? Prisma.sql`and (t.created_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<PersonalToken[]>`
    select ${columns} from personal_token t
    where t.user_id = ${userId}::uuid and t.revoked_at is null and t.expires_at > ${now} ${beyond}
    order by t.created_at desc, t.id desc limit ${limit + 1}`;
}
