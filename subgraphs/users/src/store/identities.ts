import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { Identity, WaysIn } from '../domain/identity.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`
  i.id, i.user_id as "userId", i.provider, i.issuer, i.subject, i.email, i.created_at as "createdAt",
  i.last_used_at as "lastUsedAt"`;

/** Writes an identity. Fails on the unique index when somebody has it. */
export async function insertIdentity(tx: Database, identity: Identity): Promise<void> {
  await tx.identity.create({ data: identity, select: { id: true } });
}

/** Marks an identity as used now, with the address that the provider says it has. Lock its account first, as everybody does. */
export async function touchIdentity(tx: Database, id: string, email: string | null, now: Date): Promise<void> {
  await tx.identity.updateMany({ where: { id }, data: { lastUsedAt: now, ...(email !== null && { email }) } });
}

/** The identity of a subject, if anybody has it. */
export function findIdentityOf(db: Database, by: Pick<Identity, 'issuer' | 'subject'>): Promise<Identity | null> {
  return db.identity.findUnique({ where: { issuer_subject: by } });
}

/** An identity by its id. */
export function findIdentity(db: Database, id: string): Promise<Identity | null> {
  return db.identity.findUnique({ where: { id } });
}

/** Deletes an identity. */
export async function deleteIdentity(tx: Database, id: string): Promise<void> {
  await tx.identity.deleteMany({ where: { id } });
}

/** The ways into these accounts, in no order. */
export function findWaysIn(db: Database, userIds: readonly string[]): Promise<WaysIn[]> {
  return db.$queryRaw<WaysIn[]>`
    select u.id as "userId", u.password_hash is not null as "hasPassword",
      coalesce(
        (select json_agg(json_build_object('id', i.id, 'issuer', i.issuer)) from identity i where i.user_id = u.id), '[]'
      ) as identities
    from "user" u where u.id = any(${userIds}::uuid[])`;
}

/** The keys of a cursor in a list of identities, the latest first. */
export const identityCursor = {
  ordering: 'identities -createdAt -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (identity: Identity) => [identity.createdAt.toISOString(), identity.id],
};

/** A person's identities, the latest first: up to `limit + 1`, after the cursor. */
export function listIdentities(db: Database, userId: string, { limit, after }: Page): Promise<Identity[]> {
  const beyond = after
    ? Prisma.sql`and (i.created_at, i.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<Identity[]>`
    select ${columns} from identity i where i.user_id = ${userId}::uuid ${beyond}
    order by i.created_at desc, i.id desc limit ${limit + 1}`;
}

/** Notes that a login has come back. False when it had before: of two at once, one is the first. */
export async function spendLogin(db: Database, id: string, expiresAt: Date): Promise<boolean> {
  const count = await db.$executeRaw`
    insert into spent_login (id, expires_at) values (${id}::uuid, ${expiresAt}) on conflict do nothing`;
  return count > 0;
}

/** Forgets logins that nothing takes any more. */
export async function pruneSpentLogins(db: Database, before: Date): Promise<void> {
  await db.spentLogin.deleteMany({ where: { expiresAt: { lt: before } } });
}
