import type { Database } from './database.ts';

/** What this database has of somebody, but for secrets: no hash of a password or a token. Null when there is no such account. */
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
    db.invitation.findMany({ where: { email: user.email }, ...invitations }),
    db.invitation.findMany({ where: { inviterId: id }, ...invitations }),
    db.auditEntry.findMany({ where: { actorId: id }, orderBy: { at: 'asc' }, omit: { actorId: true } }),
  ]);
  return {
    profile: { ...profile, globalRole, hasPassword: passwordHash !== null },
    ...{ identities, sessions, personalTokens },
    memberships: memberships.map(({ workspace, ...membership }) => ({ ...membership, workspaceName: workspace.name })),
    invitationsReceived: received,
    invitationsMade: made,
    auditLog,
  };
}
