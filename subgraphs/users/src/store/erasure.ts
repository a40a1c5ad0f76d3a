import { redactEvents } from '#platform/outbox/redactEvents.ts';
import { CLOSED_NAME } from '../domain/erasure.ts';
import { DELETED_NAME } from '../domain/user.ts';
import type { Database } from './database.ts';

/** The workspaces that somebody is a member of, in the order in which they are locked. */
export async function listWorkspaceIds(db: Database, userId: string): Promise<string[]> {
  const rows = await db.membership.findMany({ where: { userId }, select: { workspaceId: true } });
  return rows.map(({ workspaceId }) => workspaceId).sort();
}

/** How many members a workspace has. */
export function countMembers(db: Database, workspaceId: string): Promise<number> {
  return db.membership.count({ where: { workspaceId } });
}

/** Takes from a person's sessions and tokens what tells of devices and places, before others are told of their end. */
export async function redactSessions(tx: Database, userId: string): Promise<void> {
  // Locked in the order of their ids, as by whoever ends them.
  await tx.$executeRaw`
    update session s set device = '', ip = null
    from (select id from session where user_id = ${userId}::uuid order by id for update) as own where s.id = own.id`;
  await tx.$executeRaw`update personal_token set name = '' where user_id = ${userId}::uuid`;
}

/**
 * Erases what this database has of somebody whose sessions, tokens and memberships have ended. Stays: the id, that there was
 * such an account, and which sessions it had, until gateways need not know any more. What refers to the account with ON DELETE
 * CASCADE goes with its row.
 *
 * @param closed workspaces that nobody is left in
 */
export async function eraseUser(
  tx: Database,
  { id, email, closed, now }: { id: string; email: string; closed: readonly string[]; now: Date },
): Promise<void> {
  const { emailVerifiedAt } = await tx.user.findUniqueOrThrow({ where: { id }, select: { emailVerifiedAt: true } });
  await tx.erasedUser.create({ data: { id, erasedAt: now, closed: [...closed] }, select: { id: true } });
  await tx.$executeRaw`
    insert into erased_session (id, user_id, ended_at)
    select id, user_id, coalesce(ended_at, ${now}) from session where user_id = ${id}::uuid
    union all select id, user_id, coalesce(revoked_at, ${now}) from personal_token where user_id = ${id}::uuid`;
  const sessions = await tx.erasedSession.findMany({ where: { userId: id }, select: { id: true } });
  await redactEvents(tx, [id], { 'user.name': DELETED_NAME, 'user.email': '', 'user.avatarUrl': null });
  await redactEvents(
    tx,
    sessions.map((session) => session.id),
    { 'session.device': '' },
  );
  await redactEvents(tx, closed, { 'workspace.name': CLOSED_NAME });

  await tx.$executeRaw`update audit_entry set address = null, user_agent = null where actor_id = ${id}::uuid`;
  // What was sent to an address is its owner's, and whether that is this person nobody knows before it is verified.
  if (emailVerifiedAt) await eraseAddress(tx, email);
  await tx.auditEntry.deleteMany({ where: { workspaceId: { in: [...closed] } } });
  await tx.invitation.deleteMany({ where: { workspaceId: { in: [...closed] } } });
  await tx.accountLink.deleteMany({ where: { email } });
  // It is a hash of the name and the address. The id stays taken.
  await tx.$executeRaw`update backbone.client_id set input_hash = '' where id = ${id}::uuid`;
  await tx.user.delete({ where: { id }, select: { id: true } });
}

/** Erases what workspaces have of an address. */
async function eraseAddress(tx: Database, email: string): Promise<void> {
  // It stands in the log where somebody was invited by it.
  const quoted = JSON.stringify(email);
  await tx.$executeRaw`
    update audit_entry set changes = replace(changes::text, ${quoted}, 'null')::jsonb
    where workspace_id in (select workspace_id from invitation where email = ${email}) and strpos(changes::text, ${quoted}) > 0`;
  await tx.invitation.deleteMany({ where: { email } });
}

/** Somebody whose events may still be in the streams: which sessions they had, and which workspaces nobody was left in. */
export type Unpurged = { id: string; erasedAt: Date; sessions: string[]; closed: string[] };

/** People whom the streams may still have something of, those who were erased first before the others. */
export function listUnpurged(db: Database): Promise<Unpurged[]> {
  return db.$queryRaw<Unpurged[]>`
    /* background */ select u.id, u.erased_at as "erasedAt", u.closed,
      array(select s.id from erased_session s where s.user_id = u.id) as sessions
    from erased_user u where u.purged_at is null order by u.erased_at limit 100`;
}

/** Writes that the streams have nothing of a person any more. */
export async function markPurged(db: Database, id: string, now: Date): Promise<void> {
  await db.erasedUser.update({ where: { id }, data: { purgedAt: now }, select: { id: true } });
}

/** Forgets sessions that ended before this time, of people whom the streams have nothing of any more. */
export async function pruneErasedSessions(db: Database, before: Date): Promise<void> {
  await db.erasedSession.deleteMany({ where: { endedAt: { lt: before }, user: { purgedAt: { not: null } } } });
}
