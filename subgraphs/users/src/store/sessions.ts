import { z } from 'zod';
import type { Page } from '#platform/pages.ts';
import { Prisma } from '#prisma/users/client/client.ts';
import { REPEAT_MS } from '../domain/refreshToken.ts';
import type { EndReason, Session } from '../domain/session.ts';
import type { Database } from './database.ts';

const columns = Prisma.sql`
  s.id, s.user_id as "userId", s.device, s.ip, s.version, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt",
  s.expires_at as "expiresAt", s.ended_at as "endedAt", s.end_reason::text as "endReason"`;

/** A refresh token as it is kept; `successor` is sealed, and there for some seconds after the use. */
export type KeptRefreshToken = { usedAt: Date | null; successor: Uint8Array | null };

/** Writes a session and the hash of its first refresh token. */
export async function insertSession(tx: Database, session: Session, refreshTokenHash: Uint8Array<ArrayBuffer>) {
  await tx.session.create({ data: session, select: { id: true } });
  await insertRefreshToken(tx, session.id, refreshTokenHash, session.createdAt);
}

/** Writes the hash of a refresh token. */
export async function insertRefreshToken(tx: Database, sessionId: string, hash: Uint8Array<ArrayBuffer>, now: Date) {
  await tx.refreshToken.create({ data: { hash, sessionId, createdAt: now }, select: { sessionId: true } });
}

/**
 * The session of a refresh token, locked, and the token as it is under that lock: of many refreshes of a session at once,
 * each sees what the one before it has done. Null for a token that nobody was given.
 */
export async function lockByRefreshToken(
  tx: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<{ session: Session; token: KeptRefreshToken } | null> {
  const [session] = await tx.$queryRaw<Session[]>`
    select ${columns} from session s
    where s.id = (select session_id from refresh_token where hash = ${hash}) for update`;
  if (!session) return null;
  // A statement of its own: one that waits for a lock goes on with what the other rows were before.
  const [token] = await tx.$queryRaw<KeptRefreshToken[]>`
    select t.used_at as "usedAt", f.sealed as successor
    from refresh_token t left join refresh_successor f using (hash) where t.hash = ${hash}`;
  return token ? { session, token } : null;
}

/** Marks a refresh token as used, keeps its sealed successor for a while, and writes what the refresh changes of the session. */
export async function spendRefreshToken(
  tx: Database,
  {
    hash,
    successor,
    session,
    now,
  }: {
    hash: Uint8Array<ArrayBuffer>;
    successor: Uint8Array<ArrayBuffer>;
    session: Session;
    now: Date;
  },
): Promise<void> {
  await tx.refreshToken.update({ where: { hash }, data: { usedAt: now }, select: { usedAt: true } });
  await tx.refreshSuccessor.create({ data: { hash, sealed: successor, createdAt: now }, select: { hash: true } });
  const { id, ip, lastSeenAt, expiresAt } = session;
  await tx.session.update({ where: { id }, data: { ip, lastSeenAt, expiresAt }, select: { id: true } });
}

/** Which of a person's sessions are to end: one, all, or all but one. */
export type Ending = {
  userId: string;
  sessionId?: string | undefined;
  except?: string | undefined;
  reason: EndReason;
  now: Date;
};

/** Ends sessions that have not ended yet, and returns them. */
export function endSessions(tx: Database, { userId, sessionId, except, reason, now }: Ending): Promise<Session[]> {
  const one = sessionId ? Prisma.sql`and s.id = ${sessionId}::uuid` : Prisma.empty;
  const others = except ? Prisma.sql`and s.id <> ${except}::uuid` : Prisma.empty;
  // Locked in the order of their ids, so that two who end all of them don't wait for each other.
  return tx.$queryRaw<Session[]>`
    update session s set ended_at = ${now}, end_reason = ${reason}::session_end, version = s.version + 1
    from (
      select id from session s where s.user_id = ${userId}::uuid ${one} ${others} and s.ended_at is null order by id for update
    ) as live
    where s.id = live.id
    returning ${columns}`;
}

/** The session that a refresh token belongs to, whether it was used or not. */
export async function findSessionByRefreshToken(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<{ id: string; userId: string } | null> {
  return db.session.findFirst({ where: { refreshTokens: { some: { hash } } }, select: { id: true, userId: true } });
}

/** The session whose live refresh token this is, if it goes on. */
export function findLiveSession(db: Database, hash: Uint8Array<ArrayBuffer>, now: Date) {
  return db.session.findFirst({
    where: { refreshTokens: { some: { hash, usedAt: null } }, endedAt: null, expiresAt: { gt: now } },
    select: { id: true, userId: true },
  });
}

/** A session by its id. */
export async function findSession(db: Database, id: string): Promise<Session | null> {
  const [session] = await db.$queryRaw<Session[]>`select ${columns} from session s where s.id = ${id}::uuid`;
  return session ?? null;
}

/** The keys of a cursor in a list of sessions, the latest login first. */
export const sessionCursor = {
  ordering: 'sessions -createdAt -id',
  schema: z.tuple([z.iso.datetime(), z.uuid()]),
  keys: (session: Session) => [session.createdAt.toISOString(), session.id],
};

/** A person's sessions that go on, the latest login first: up to `limit + 1`, after the cursor. */
export function listSessions(db: Database, userId: string, { limit, after }: Page, now: Date): Promise<Session[]> {
  const beyond = after
    ? Prisma.sql`and (s.created_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : Prisma.empty;
  return db.$queryRaw<Session[]>`
    select ${columns} from session s
    where s.user_id = ${userId}::uuid and s.ended_at is null and s.expires_at > ${now} ${beyond}
    order by s.created_at desc, s.id desc limit ${limit + 1}`;
}

/** The sessions, personal tokens among them, that were ended from this time on; those of accounts that are gone, too. */
export async function listEnded(db: Database, since: Date): Promise<{ id: string; endedAt: Date }[]> {
  return db.$queryRaw`select id, ended_at as "endedAt" from session where ended_at >= ${since}
    union all select id, revoked_at from personal_token where revoked_at >= ${since}
    union all select id, ended_at from erased_session where ended_at >= ${since}`;
}

/** Erases the successors that are no longer given out. */
export async function eraseSuccessors(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - REPEAT_MS);
  await db.$executeRaw`/* background */ delete from refresh_successor where created_at < ${before}`;
}

/** Deletes sessions, with their tokens, that ended or expired before this time. Returns how many. */
export async function pruneSessions(db: Database, before: Date): Promise<number> {
  const { count } = await db.session.deleteMany({
    where: { OR: [{ endedAt: { lt: before } }, { expiresAt: { lt: before } }] },
  });
  return count;
}
