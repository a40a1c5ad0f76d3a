import { Prisma } from '#prisma/users/client/client.ts';
import { type Credentials, DELETED_NAME, type User } from '../domain/user.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`u.id, u.email, u.name, u.avatar_url as "avatarUrl",
  u.email_verified_at as "emailVerifiedAt", u.locale, u.time_zone as "timeZone", u.role::text,
  u.suspended_at as "suspendedAt", u.version, u.created_at as "createdAt"`;

/** The users with these ids, in no order. */
export function findUsers(db: Database, ids: readonly string[]): Promise<User[]> {
  return db.$queryRaw<User[]>`select ${columns} from "user" u where u.id = any(${ids}::uuid[])`;
}

/**
 * Those of these users that the viewer may know of: the viewer, whoever shares a workspace, and, as what is left of them, whoever
 * has deleted their account. One query.
 */
export function findUsersVisibleTo(db: Database, viewerId: string, ids: readonly string[]): Promise<User[]> {
  return db.$queryRaw<User[]>`
    select ${columns} from "user" u
    where u.id = any(${ids}::uuid[]) and (
      u.id = ${viewerId}::uuid or exists (
        select from membership theirs join membership mine using (workspace_id)
        where theirs.user_id = u.id and mine.user_id = ${viewerId}::uuid
      )
    )
    union all
    select e.id, '', ${DELETED_NAME}, null, null, null, null, 'USER', null, 1, e.erased_at
    from erased_user e where e.id = any(${ids}::uuid[])`;
}

/** Somebody's account and the hash of the password, by normalised address or id. */
export async function findCredentials(
  db: Database,
  by: { email: string } | { id: string },
): Promise<Credentials | null> {
  const row = await db.user.findUnique({ where: by });
  if (!row) return null;
  const { passwordHash, ...user } = row;
  return { user, passwordHash };
}

/** The user with this normalised address. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  return (await findCredentials(db, { email }))?.user ?? null;
}

/** Writes an account. Fails on the unique index of the address, or on its primary key. */
export async function insertUser(tx: Database, { user, passwordHash }: Credentials): Promise<void> {
  await tx.user.create({ data: { ...user, passwordHash }, select: { id: true } });
}

/** Sets a password, and that the address was verified then. */
export async function resetPassword(
  tx: Database,
  { id, passwordHash, emailVerifiedAt }: { id: string; passwordHash: string; emailVerifiedAt: Date },
): Promise<void> {
  await tx.user.update({ where: { id }, data: { passwordHash, emailVerifiedAt }, select: { id: true } });
}

/** Sets another password in the place of the one that was verified. Returns whether that was still the person's. */
export async function replacePassword(
  tx: Database,
  { id, verified, passwordHash }: { id: string; verified: string | null; passwordHash: string },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    update "user" set password_hash = ${passwordHash} where id = ${id}::uuid and password_hash = ${verified}`;
  return count > 0;
}

/** Marks the address as verified, unless it is. Returns whether somebody has it. */
export async function verifyAddress(tx: Database, email: string, now: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    update "user" set email_verified_at = coalesce(email_verified_at, ${now}) where email = ${email}`;
  return count > 0;
}
