import { canSeeAuditLog } from '../domain/policy.ts';
import type { Database } from './database.ts';

/**
 * What this database has of somebody, but for secrets: no hash of a password or a token; and of what they did in workspaces whose
 * log they may not see (any more) only that they did it, not to whom. Null when there is no such account.
 */
export async function readOwnData(db: Database, id: string) {
  const user = await db.user.findUnique({ where: { id } });
  if (!user) return null;
  const { passwordHash, version: _, role: globalRole, ...profile } = user;
  const of = { where: { userId: id }, orderBy: { createdAt: 'asc' } } as const;
  const sent = {
    id: true,
    workspaceId: true,
    email: true,
    role: true,
    createdAt: true,
    expiresAt: true,
    endedAt: true,
  };
  const invitations = { select: { ...sent, endReason: true }, orderBy: { createdAt: 'asc' } } as const;
  const [identities, sessions, personalTokens, memberships, received, made, auditLog] = await Promise.all([
    db.identity.findMany({ ...of, omit: { userId: true } }),
    db.session.findMany({ ...of, omit: { userId: true, version: true } }),
    db.personalToken.findMany({ ...of, omit: { userId: true, hash: true } }),
    db.membership.findMany({
      where: { userId: id },
      orderBy: { joinedAt: 'asc' },
      select: { workspaceId: true, role: true, joinedAt: true, workspace: { select: { name: true } } },
    }),
    // Whoever has not proven that the address is theirs does not learn who writes to it.
    user.emailVerifiedAt ? db.invitation.findMany({ where: { email: user.email }, ...invitations }) : [],
    db.invitation.findMany({ where: { inviterId: id }, ...invitations }),
    db.auditEntry.findMany({ where: { actorId: id }, orderBy: { at: 'asc' }, omit: { actorId: true } }),
  ]);
  const manages = new Set(memberships.flatMap((one) => (canSeeAuditLog(one.role) ? [one.workspaceId] : [])));
  return {
    profile: { ...profile, globalRole, hasPassword: passwordHash !== null },
    ...{ identities, sessions, personalTokens },
    memberships: memberships.map(({ workspace, ...membership }) => ({ ...membership, workspaceName: workspace.name })),
    invitationsReceived: received,
    invitationsMade: made.map((one) => (manages.has(one.workspaceId) ? one : { ...one, email: null })),
    auditLog: auditLog.map((one) => (manages.has(one.workspaceId) ? one : { ...one, subjectId: null, changes: {} })),
  };
}
