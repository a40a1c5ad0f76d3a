import { z } from 'zod';
import { MembershipChanged, PersonErased, WorkspaceChanged } from '#events/users.ts';
import { refuse, refuseInput } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import { lockInteractive, requireInteractive } from '../access.ts';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { newAuditEntry } from '../domain/auditEntry.ts';
import { depart, type Place, requireRecentLogin } from '../domain/erasure.ts';
import type { EndedMembership, Membership } from '../domain/membership.ts';
import { rolesBeyond } from '../domain/policy.ts';
import { presentedPasswordSchema } from '../domain/user.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { DeleteAccountInput } from '../generated/resolvers.ts';
import { holdAccount, lockUser } from '../store/accounts.ts';
import { insertAuditEntry } from '../store/auditEntries.ts';
import type { Database } from '../store/database.ts';
import { countMembers, eraseUser, listWorkspaceIds, redactSessions } from '../store/erasure.ts';
import { revokeInvitationsBy } from '../store/invitations.ts';
import { countOwners, findMemberships, removeMembership } from '../store/memberships.ts';
import { revokePersonalTokens } from '../store/personalTokens.ts';
import { findSession } from '../store/sessions.ts';
import { findCredentials } from '../store/users.ts';
import { lockWorkspace, updateWorkspace } from '../store/workspaces.ts';
import { endSessionsIn } from './endSessions.ts';
import { membershipFact, workspaceFact } from './facts.ts';
import { tellRevoked } from './personalTokens.ts';
import { verifyPassword } from './verifyPassword.ts';

const inputSchema = z.strictObject({ password: presentedPasswordSchema.nullish() });
/** How often it begins again when the person has become a member of something meanwhile. */
const MOST_ATTEMPTS = 5;

/**
 * Deletes the viewer's account and erases what there is of them (docs/erasure.md); what they wrote stays, as a deleted user's.
 * They have to know the password, or, without one, to have signed in a short while ago. Returns who it was.
 * Refusals: BAD_USER_INPUT, FORBIDDEN, INVALID_CREDENTIALS, LAST_OWNER, LOGIN_TOO_OLD, TOO_BUSY.
 */
export async function deleteAccount(context: Context, rawInput: DeleteAccountInput): Promise<string> {
  const { userId } = requireInteractive(context.viewer);
  const { password = null } = parseInput(inputSchema, rawInput);
  const passwordHash = await requireProof(context, password);
  const { deps, viewer } = context;
  await eraseAccount(deps, userId, async (tx) => {
    await lockInteractive(tx, viewer, deps.now());
    // Somebody has set another one meanwhile: what was proved counts for nothing.
    if ((await holdAccount(tx, userId))?.passwordHash !== passwordHash) refuseWrong();
  });
  return userId;
}

/**
 * Deletes an account and erases the person. Refusals: UNAUTHENTICATED (there is none), LAST_OWNER, TOO_BUSY.
 *
 * @param authorise refuses, under the account's lock, whoever may not have this done
 */
export async function eraseAccount(
  deps: Pick<Deps, 'outbox' | 'now'>,
  userId: string,
  authorise?: (tx: Database) => Promise<void>,
): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) if (await erase(deps, userId, authorise)) return;
  refuse('TOO_BUSY', 'Your workspaces are changing at the moment; try again', { retryAfter: 1 });
}

/** Returns the hash that the password was verified against; null for whoever has none, and signed in a short while ago. */
async function requireProof(context: Context, password: string | null): Promise<string | null> {
  const { deps } = context;
  const { userId, sessionId } = requireInteractive(context.viewer);
  const account = await findCredentials(deps.prisma, { id: userId });
  if (!account) return refuse('UNAUTHENTICATED', 'This account is gone');
  const { passwordHash, user } = account;
  if (passwordHash === null) {
    requireRecentLogin(await findSession(deps.prisma, sessionId), deps.now());
    return null;
  }
  if (password === null) refuseInput([{ path: ['input', 'password'], message: 'Is needed' }]);
  if (!(await verifyPassword(context, { email: user.email, passwordHash }, password))) refuseWrong();
  return passwordHash;
}

function refuseWrong(): never {
  return refuse('INVALID_CREDENTIALS', 'The password is wrong');
}

/** All of it in one transaction, or nothing. False: somebody has let them into a workspace meanwhile. */
function erase(
  { outbox, now: clock }: Pick<Deps, 'outbox' | 'now'>,
  id: string,
  authorise?: (tx: Database) => Promise<void>,
): Promise<boolean> {
  return outbox.commit(async (tx, record) => {
    const now = clock();
    // In the order in which everybody locks: workspaces, then the account. Once that is locked, no membership can begin.
    const workspaceIds = await listWorkspaceIds(tx, id);
    const workspaces: Workspace[] = [];
    for (const workspaceId of workspaceIds) workspaces.push((await lockWorkspace(tx, workspaceId)) as Workspace);
    const user = (await lockUser(tx, id)) ?? refuse('UNAUTHENTICATED', 'This account is gone');
    await authorise?.(tx);
    const current = await listWorkspaceIds(tx, id);
    if (current.some((workspaceId) => !workspaceIds.includes(workspaceId))) return false;

    const places: Place[] = [];
    for (const workspace of workspaces) {
      const [membership] = await findMemberships(tx, [{ workspaceId: workspace.id, userId: id }]);
      if (membership) places.push(await placeOf(tx, workspace, membership));
    }
    const { left, closed } = depart(places, now);
    for (const membership of left) await leave(tx, record, membership, now);
    for (const { membership, workspace } of closed) {
      await endMembership(tx, record, membership);
      await updateWorkspace(tx, workspace);
      record(WorkspaceChanged, workspaceFact(workspace, id));
    }
    await redactSessions(tx, id);
    await endSessionsIn(tx, record, { userId: id, reason: 'ERASED', actorId: id }, now);
    tellRevoked(record, await revokePersonalTokens(tx, { userId: id, now }), 'ERASED', id);
    await eraseUser(tx, { id, email: user.email, closed: closed.map(({ workspace }) => workspace.id), now });
    record(PersonErased, { aggregateId: id, version: user.version + 1, actorId: id, data: { user: { id } } });
    return true;
  });
}

async function placeOf(tx: Database, workspace: Workspace, membership: Membership): Promise<Place> {
  const [owners = 0] = await countOwners(tx, [workspace.id]);
  return { workspace, membership, owners, members: await countMembers(tx, workspace.id) };
}

async function leave(tx: Database, record: RecordEvent, membership: EndedMembership, now: Date): Promise<void> {
  await endMembership(tx, record, membership);
  const { workspaceId, userId } = membership;
  await revokeInvitationsBy(tx, { workspaceId, inviterId: userId, roles: rolesBeyond(null), now });
  // Nothing of where it came from: it would be erased at once.
  const given = { id: newId(), workspaceId, actorId: userId, at: now, client: { address: null, userAgent: null } };
  await insertAuditEntry(tx, newAuditEntry({ action: 'MEMBER_LEFT', subjectId: userId }, given));
}

async function endMembership(tx: Database, record: RecordEvent, membership: EndedMembership): Promise<void> {
  await removeMembership(tx, membership);
  record(MembershipChanged, membershipFact(membership, membership.userId));
}
