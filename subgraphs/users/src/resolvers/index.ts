import type { Resolvers } from '../generated/resolvers.ts';
import { Account } from './Account.ts';
import { AuditEntry } from './AuditEntry.ts';
import { Identity } from './Identity.ts';
import { Invitation } from './Invitation.ts';
import { InvitationPreview } from './InvitationPreview.ts';
import { Member } from './Member.ts';
import { acceptInvitation } from './Mutation/acceptInvitation.ts';
import { addMember } from './Mutation/addMember.ts';
import { archiveWorkspace } from './Mutation/archiveWorkspace.ts';
import { changeMemberRole } from './Mutation/changeMemberRole.ts';
import { changePassword } from './Mutation/changePassword.ts';
import { createDownloadLink } from './Mutation/createDownloadLink.ts';
import { createInvitationLink } from './Mutation/createInvitationLink.ts';
import { createPersonalToken } from './Mutation/createPersonalToken.ts';
import { createWorkspace } from './Mutation/createWorkspace.ts';
import { declineInvitation } from './Mutation/declineInvitation.ts';
import { deleteAccount } from './Mutation/deleteAccount.ts';
import { inviteMember } from './Mutation/inviteMember.ts';
import { leaveWorkspace } from './Mutation/leaveWorkspace.ts';
import { login } from './Mutation/login.ts';
import { logout } from './Mutation/logout.ts';
import { logoutEverywhere } from './Mutation/logoutEverywhere.ts';
import { register } from './Mutation/register.ts';
import { removeMember } from './Mutation/removeMember.ts';
import { renameWorkspace } from './Mutation/renameWorkspace.ts';
import { requestEmailVerification } from './Mutation/requestEmailVerification.ts';
import { requestPasswordReset } from './Mutation/requestPasswordReset.ts';
import { resendInvitation } from './Mutation/resendInvitation.ts';
import { resetPassword } from './Mutation/resetPassword.ts';
import { restoreUser } from './Mutation/restoreUser.ts';
import { restoreWorkspace } from './Mutation/restoreWorkspace.ts';
import { revokeInvitation } from './Mutation/revokeInvitation.ts';
import { revokePersonalToken } from './Mutation/revokePersonalToken.ts';
import { revokeSession } from './Mutation/revokeSession.ts';
import { suspendUser } from './Mutation/suspendUser.ts';
import { transferOwnership } from './Mutation/transferOwnership.ts';
import { unlinkIdentity } from './Mutation/unlinkIdentity.ts';
import { updateProfile } from './Mutation/updateProfile.ts';
import { verifyEmail } from './Mutation/verifyEmail.ts';
import { accounts } from './Query/accounts.ts';
import { identities } from './Query/identities.ts';
import { invitation } from './Query/invitation.ts';
import { loginProviders } from './Query/loginProviders.ts';
import { me } from './Query/me.ts';
import { personalTokens } from './Query/personalTokens.ts';
import { sessions } from './Query/sessions.ts';
import { workspace } from './Query/workspace.ts';
import { Session } from './Session.ts';
import { User } from './User.ts';
import { Workspace } from './Workspace.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Resolvers = {
  Query: { invitation, me, sessions, loginProviders, identities, personalTokens, accounts, workspace },
  Mutation: {
    register,
    login,
    updateProfile,
    createDownloadLink,
    deleteAccount,
    unlinkIdentity,
    createPersonalToken,
    revokePersonalToken,
    suspendUser,
    restoreUser,
    changePassword,
    requestPasswordReset,
    resetPassword,
    requestEmailVerification,
    verifyEmail,
    revokeSession,
    logout,
    logoutEverywhere,
    createWorkspace,
    renameWorkspace,
    archiveWorkspace,
    restoreWorkspace,
    addMember,
    changeMemberRole,
    removeMember,
    leaveWorkspace,
    transferOwnership,
    inviteMember,
    createInvitationLink,
    resendInvitation,
    revokeInvitation,
    acceptInvitation,
    declineInvitation,
  },
  User,
  Account,
  Session,
  Identity,
  Workspace,
  Member,
  AuditEntry,
  Invitation,
  InvitationPreview,
};
