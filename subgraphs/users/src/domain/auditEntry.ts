import type { Client } from './session.ts';

/** What can be done in a workspace. */
export const auditActions = [
  'WORKSPACE_CREATED',
  'WORKSPACE_RENAMED',
  'WORKSPACE_ARCHIVED',
  'WORKSPACE_RESTORED',
  'MEMBER_ADDED',
  'MEMBER_ROLE_CHANGED',
  'MEMBER_REMOVED',
  'MEMBER_LEFT',
  'OWNERSHIP_TRANSFERRED',
  'INVITATION_SENT',
  'INVITATION_RESENT',
  'INVITATION_LINK_CREATED',
  'INVITATION_REVOKED',
  'INVITATION_ACCEPTED',
  'INVITATION_DECLINED',
] as const;

/** What was done in a workspace. */
export type AuditAction = (typeof auditActions)[number];

/** Changed values by name; null is: none. */
export type AuditChanges = Record<string, { from: string | null; to: string | null }>;

/** Who did what in a workspace, and from where. */
export type AuditEntry = {
  id: string;
  workspaceId: string;
  action: AuditAction;
  actorId: string;
  /** Whom it was done to, if anybody. */
  subjectId: string | null;
  at: Date;
  /** The client's address at the gateway. */
  address: string | null;
  /** What the client's program calls itself. */
  userAgent: string | null;
  changes: AuditChanges;
};

/** What a command says of what it did. */
export type AuditFact = { action: AuditAction; subjectId?: string; changes?: AuditChanges };

/** The entry of a fact: who did it, when and from where is the same for all that one request does. */
export function newAuditEntry(
  { action, subjectId, changes = {} }: AuditFact,
  given: { id: string; workspaceId: string; actorId: string; at: Date; client: Client },
): AuditEntry {
  const { client, ...rest } = given;
  return {
    ...rest,
    action,
    subjectId: subjectId ?? null,
    changes,
    address: client.address,
    userAgent: client.userAgent,
  };
}
