import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import type { GlobalRole, User } from '../domain/user.ts';
import type { Database } from './database.ts';

/** What changes of an account beside its password. */
export type AccountChanges = Partial<Pick<User, 'name' | 'locale' | 'timeZone' | 'avatarUrl' | 'suspendedAt'>>;

/** An account, locked until the transaction ends: whoever signs in waits, and sees what was decided. */
export async function lockUser(tx: Database, id: string): Promise<User | null> {
  const locked = await tx.$queryRaw<unknown[]>`select from "user" where id = ${id}::uuid for update`;
  return locked.length === 0 ? null : findAccount(tx, id);
}

/**
 * Whether an account is suspended, and its password as it is now. Nobody changes either until the transaction ends; null when it
 * is gone.
 */
export async function holdAccount(
  tx: Database,
  id: string,
): Promise<{ suspended: boolean; passwordHash: string | null } | null> {
  const [row] = await tx.$queryRaw<{ suspended: boolean; passwordHash: string | null }[]>`
    select suspended_at is not null as suspended, password_hash as "passwordHash"
    from "user" where id = ${id}::uuid for share`;
  return row ?? null;
}

/** Whether there is such an account, which nobody deletes until the transaction ends. */
export async function keepAccount(tx: Database, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`select from "user" where id = ${id}::uuid for key share`;
  return rows.length > 0;
}

/** Writes changes of an account, as its next version. */
export async function updateUser(tx: Database, id: string, changes: AccountChanges): Promise<User> {
  const { passwordHash: _, ...user } = await tx.user.update({
    where: { id },
    data: { ...changes, version: { increment: 1 } },
  });
  return user;
}

/** An account without its password. */
export function findAccount(db: Database, id: string): Promise<User | null> {
  return db.user.findUnique({ where: { id }, omit: { passwordHash: true } });
}

/** Gives the person with this address a global role. Returns whether there is one. */
export async function setRole(db: Database, email: string, role: GlobalRole): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { email }, data: { role, version: { increment: 1 } } });
  return count > 0;
}

/** The keys of a cursor in the list of accounts, the latest first. */
export const accountCursor = {
  ordering: 'accounts -createdAt -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (user: User) => [user.createdAt.toISOString(), user.id],
};

/** Accounts whose name or address begins with a text, the latest first: up to `limit + 1`, after the cursor. */
export function listAccounts(db: Database, search: string | null, { limit, after }: Page): Promise<User[]> {
  const beyond = after
    ? Prisma.sql`and (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  const start =
    search === null
      ? Prisma.empty
      : Prisma.sql`and (starts_with(lower(name), ${search}) or starts_with(email, ${search}))`;
  return db.$queryRaw<User[]>`
    select id, email, name, avatar_url as "avatarUrl", email_verified_at as "emailVerifiedAt", locale, time_zone as "timeZone",
      role::text, suspended_at as "suspendedAt", version, created_at as "createdAt"
    from "user" where true ${start} ${beyond} order by created_at desc, id desc limit ${limit + 1}`;
}
