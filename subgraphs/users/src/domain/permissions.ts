import {
  canAddMembers,
  canArchive,
  canChangeRole,
  canGrant,
  canLeave,
  canRemove,
  canRename,
  canSee,
  canSeeAuditLog,
  canTransferOwnership,
  type Role,
} from './policy.ts';

const member: Role = 'MEMBER';

/** What the policy decides, in words: docs/permissions.md is rendered from it. */
export const permissions: Record<string, (role: Role | null) => boolean> = {
  'See the workspace, its members and what they are': canSee,
  'Rename it': canRename,
  'Archive it, restore it': canArchive,
  'Add members, invite people, see and revoke invitations': canAddMembers,
  'Give somebody the role of an owner': (role) => canGrant(role, 'OWNER'),
  'Give somebody another role': (role) => canGrant(role, member),
  'Change the role of an owner': (role) => canChangeRole(role, 'OWNER', member),
  'Change the role of an admin, a member or a guest': (role) => canChangeRole(role, 'ADMIN', member),
  'Remove an owner': (role) => canRemove(role, 'OWNER'),
  'Remove an admin, a member or a guest': (role) => canRemove(role, 'ADMIN'),
  'Leave (the last owner makes another one first)': canLeave,
  'Hand the workspace over to another member': canTransferOwnership,
  'See the audit log': canSeeAuditLog,
};
