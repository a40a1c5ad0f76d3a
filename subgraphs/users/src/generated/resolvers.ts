import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { User as UserModel } from '../domain/user.ts';
import type { Workspace as WorkspaceModel } from '../domain/workspace.ts';
import type { Invitation as InvitationModel, Invited as InvitedModel } from '../domain/invitation.ts';
import type { AuditEntry as AuditEntryModel } from '../domain/auditEntry.ts';
import type { Identity as IdentityModel } from '../domain/identity.ts';
import type { PersonalToken as PersonalTokenModel } from '../domain/personalToken.ts';
import type { Session as SessionModel } from '../domain/session.ts';
import type { Membership as MembershipModel } from '../domain/membership.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant as RFC 3339 in UTC, with milliseconds: `2026-11-20T09:30:00.000Z`. */
  DateTime: { input: Date; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type AcceptInvitationInput = {
  /** From the link. */
  token: Scalars['String']['input'];
};

export type AcceptInvitationPayload = {
  __typename?: 'AcceptInvitationPayload';
  member: Member;
  workspace: Workspace;
};

/** An account, as global admins see it. */
export type Account = {
  __typename?: 'Account';
  createdAt: Scalars['DateTime']['output'];
  email: Scalars['String']['output'];
  globalRole: GlobalRole;
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  suspended: Scalars['Boolean']['output'];
};

export type AccountConnection = {
  __typename?: 'AccountConnection';
  edges: Array<AccountEdge>;
  nodes: Array<Account>;
  pageInfo: PageInfo;
};

export type AccountEdge = {
  __typename?: 'AccountEdge';
  cursor: Scalars['String']['output'];
  node: Account;
};

export type AddMemberInput = {
  /** The e-mail address of a registered person; any other is BAD_USER_INPUT. */
  email: Scalars['String']['input'];
  role?: WorkspaceRole;
  workspaceId: Scalars['ID']['input'];
};

export type AddMemberPayload = {
  __typename?: 'AddMemberPayload';
  member: Member;
  workspace: Workspace;
};

export type ArchiveWorkspaceInput = {
  id: Scalars['ID']['input'];
};

export type ArchiveWorkspacePayload = {
  __typename?: 'ArchiveWorkspacePayload';
  workspace: Workspace;
};

/** What was done in a workspace. */
export type AuditAction =
  | 'INVITATION_ACCEPTED'
  | 'INVITATION_DECLINED'
  | 'INVITATION_LINK_CREATED'
  | 'INVITATION_RESENT'
  | 'INVITATION_REVOKED'
  | 'INVITATION_SENT'
  | 'MEMBER_ADDED'
  | 'MEMBER_LEFT'
  | 'MEMBER_REMOVED'
  | 'MEMBER_ROLE_CHANGED'
  | 'OWNERSHIP_TRANSFERRED'
  | 'WORKSPACE_ARCHIVED'
  | 'WORKSPACE_CREATED'
  | 'WORKSPACE_RENAMED'
  | 'WORKSPACE_RESTORED';

/** One value that was changed. */
export type AuditChange = {
  __typename?: 'AuditChange';
  field: Scalars['String']['output'];
  from?: Maybe<Scalars['String']['output']>;
  to?: Maybe<Scalars['String']['output']>;
};

/** Who did what in a workspace, and from where. Entries stay as they are. */
export type AuditEntry = {
  __typename?: 'AuditEntry';
  action: AuditAction;
  /** Who did it; null once the account is gone. */
  actor?: Maybe<User>;
  /** The network address that it came from. */
  address?: Maybe<Scalars['String']['output']>;
  at: Scalars['DateTime']['output'];
  changes: Array<AuditChange>;
  id: Scalars['ID']['output'];
  /** Whom it was done to, if anybody; null once the account is gone. */
  subject?: Maybe<User>;
  /** What the program that it came from calls itself: told, not proven. */
  userAgent?: Maybe<Scalars['String']['output']>;
};

export type AuditLogConnection = {
  __typename?: 'AuditLogConnection';
  edges: Array<AuditLogEdge>;
  nodes: Array<AuditEntry>;
  pageInfo: PageInfo;
};

export type AuditLogEdge = {
  __typename?: 'AuditLogEdge';
  cursor: Scalars['String']['output'];
  node: AuditEntry;
};

/** Entries that fit all of what is given. */
export type AuditLogFilter = {
  actions?: InputMaybe<Array<AuditAction>>;
  actorId?: InputMaybe<Scalars['ID']['input']>;
  /** From this instant on. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Before this instant. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A session that has just begun. */
export type AuthPayload = {
  __typename?: 'AuthPayload';
  /** Send it as `Authorization: Bearer …` over HTTP, and as `authorization` in connection_init over graphql-ws. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires. */
  expiresAt: Scalars['DateTime']['output'];
  /**
   * Gives the next access token at `POST /auth/refresh`, once; the answer carries the next refresh token. Browsers hand it in
   * with `"cookie": true` and have an httpOnly cookie from then on.
   */
  refreshToken: Scalars['String']['output'];
  session: Session;
  user: User;
};

export type ChangeMemberRoleInput = {
  role: WorkspaceRole;
  userId: Scalars['ID']['input'];
  workspaceId: Scalars['ID']['input'];
};

export type ChangeMemberRolePayload = {
  __typename?: 'ChangeMemberRolePayload';
  member: Member;
  workspace: Workspace;
};

export type ChangePasswordInput = {
  currentPassword: Scalars['String']['input'];
  /** 12 to 128 characters, and none of those that are tried first. */
  newPassword: Scalars['String']['input'];
};

export type ChangePasswordPayload = {
  __typename?: 'ChangePasswordPayload';
  user: User;
};

export type CreateDownloadLinkPayload = {
  __typename?: 'CreateDownloadLinkPayload';
  expiresAt: Scalars['DateTime']['output'];
  /** Relative to the address of this API: `/auth/download?token=…`. */
  path: Scalars['String']['output'];
};

export type CreateInvitationLinkInput = {
  /** How many days it holds: 1 to 30. */
  days?: Scalars['Int']['input'];
  /** How many people can come in by it: 1 to 100. */
  maxUses: Scalars['Int']['input'];
  /** Not OWNER. */
  role?: WorkspaceRole;
  workspaceId: Scalars['ID']['input'];
};

export type CreateInvitationLinkPayload = {
  __typename?: 'CreateInvitationLinkPayload';
  invitation: Invitation;
  workspace: Workspace;
};

export type CreatePersonalTokenInput = {
  /** 1 to 365. */
  expiresInDays?: Scalars['Int']['input'];
  /** 1 to 80 characters: what it is for. */
  name: Scalars['String']['input'];
  scope: TokenScope;
};

export type CreatePersonalTokenPayload = {
  __typename?: 'CreatePersonalTokenPayload';
  personalToken: PersonalToken;
  /** The token itself: shown once, kept as a hash. */
  token: Scalars['String']['output'];
};

export type CreateWorkspaceInput = {
  /** The client's own UUIDv7, which makes a retry safe. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 80 characters. */
  name: Scalars['String']['input'];
};

export type CreateWorkspacePayload = {
  __typename?: 'CreateWorkspacePayload';
  workspace: Workspace;
};

export type DeclineInvitationInput = {
  /** From the link. */
  token: Scalars['String']['input'];
};

export type DeclineInvitationPayload = {
  __typename?: 'DeclineInvitationPayload';
  /** Where the viewer does not come in. */
  workspaceName: Scalars['String']['output'];
};

export type DeleteAccountInput = {
  /** The current password. Whoever has none needs to have signed in within the last ten minutes. */
  password?: InputMaybe<Scalars['String']['input']>;
};

export type DeleteAccountPayload = {
  __typename?: 'DeleteAccountPayload';
  /** Whose account it was. */
  userId: Scalars['ID']['output'];
};

export type GlobalRole =
  /** Lists, suspends and restores accounts. */
  | 'ADMIN'
  | 'USER';

/** What a person signs in with at a provider. */
export type Identity = {
  __typename?: 'Identity';
  createdAt: Scalars['DateTime']['output'];
  /** What the provider said last of the person's address. */
  email?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  lastUsedAt: Scalars['DateTime']['output'];
  /** The provider's name when it was linked. */
  provider: Scalars['String']['output'];
  /** False when nothing else would be left to sign in with. */
  viewerCanUnlink: Scalars['Boolean']['output'];
};

export type IdentityConnection = {
  __typename?: 'IdentityConnection';
  edges: Array<IdentityEdge>;
  nodes: Array<Identity>;
  pageInfo: PageInfo;
};

export type IdentityEdge = {
  __typename?: 'IdentityEdge';
  cursor: Scalars['String']['output'];
  node: Identity;
};

/** A way into a workspace: for one e-mail address, or a link for whoever has it. Owners and admins see it. */
export type Invitation = {
  __typename?: 'Invitation';
  createdAt: Scalars['DateTime']['output'];
  /** Whom it is for; null for a link. */
  email?: Maybe<Scalars['String']['output']>;
  expiresAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  /** Who made it; null once the account is gone. */
  inviter?: Maybe<User>;
  /** How many people can come in by it, and how many have. */
  maxUses: Scalars['Int']['output'];
  /** What whoever comes in by it will be. */
  role: WorkspaceRole;
  state: InvitationState;
  /**
   * What a link carries, for acceptInvitation; null for an invitation by e-mail, whose token only the e-mail has, and for whoever
   * asks by a personal access token that may only read.
   */
  token?: Maybe<Scalars['String']['output']>;
  uses: Scalars['Int']['output'];
  viewerCanResend: Scalars['Boolean']['output'];
  viewerCanRevoke: Scalars['Boolean']['output'];
};

export type InvitationConnection = {
  __typename?: 'InvitationConnection';
  edges: Array<InvitationEdge>;
  nodes: Array<Invitation>;
  pageInfo: PageInfo;
};

export type InvitationEdge = {
  __typename?: 'InvitationEdge';
  cursor: Scalars['String']['output'];
  node: Invitation;
};

export type InvitationFilter = {
  states?: InputMaybe<Array<InvitationState>>;
};

/** What somebody sees who was invited. Once the invitation is not PENDING any more it tells neither names nor the address. */
export type InvitationPreview = {
  __typename?: 'InvitationPreview';
  /** Whom it is for; null for a link, and unless it is PENDING. */
  email?: Maybe<Scalars['String']['output']>;
  expiresAt: Scalars['DateTime']['output'];
  /** Null unless it is PENDING, and once the account is gone. */
  inviterName?: Maybe<Scalars['String']['output']>;
  role: WorkspaceRole;
  state: InvitationState;
  /** Whether the account that asks can accept it now; false when nobody is signed in. */
  viewerCanAccept: Scalars['Boolean']['output'];
  /** Null unless it is PENDING. */
  workspaceName?: Maybe<Scalars['String']['output']>;
};

export type InvitationState =
  /** Used as often as it may be. */
  | 'ACCEPTED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'PENDING'
  | 'REVOKED';

export type InviteMemberInput = {
  email: Scalars['String']['input'];
  role?: WorkspaceRole;
  workspaceId: Scalars['ID']['input'];
};

export type InviteMemberPayload = {
  __typename?: 'InviteMemberPayload';
  invitation: Invitation;
  workspace: Workspace;
};

export type LeaveWorkspaceInput = {
  workspaceId: Scalars['ID']['input'];
};

export type LeaveWorkspacePayload = {
  __typename?: 'LeaveWorkspacePayload';
  /** What the viewer is no longer a member of. */
  workspaceId: Scalars['ID']['output'];
};

export type LoginInput = {
  email: Scalars['String']['input'];
  password: Scalars['String']['input'];
};

/** Somebody whom people can sign in with: Google, GitHub. */
export type LoginProvider = {
  __typename?: 'LoginProvider';
  /** For people. */
  label: Scalars['String']['output'];
  /** For the paths under /auth. */
  name: Scalars['String']['output'];
};

export type LogoutEverywherePayload = {
  __typename?: 'LogoutEverywherePayload';
  /** The sessions that have ended. */
  sessionIds: Array<Scalars['ID']['output']>;
};

export type LogoutPayload = {
  __typename?: 'LogoutPayload';
  /** The session that has ended. */
  sessionId: Scalars['ID']['output'];
};

/** A person's membership of one workspace. */
export type Member = {
  __typename?: 'Member';
  joinedAt: Scalars['DateTime']['output'];
  role: WorkspaceRole;
  user: User;
  /** The roles that the viewer may give this member instead of the present one. */
  viewerCanChangeRoleTo: Array<WorkspaceRole>;
  /** False for the last owner. */
  viewerCanRemove: Scalars['Boolean']['output'];
};

export type MemberConnection = {
  __typename?: 'MemberConnection';
  edges: Array<MemberEdge>;
  nodes: Array<Member>;
  pageInfo: PageInfo;
};

export type MemberEdge = {
  __typename?: 'MemberEdge';
  cursor: Scalars['String']['output'];
  node: Member;
};

/** Members that fit all of what is given. */
export type MemberFilter = {
  /** What a word of the name begins with, in upper or lower case. */
  name?: InputMaybe<Scalars['String']['input']>;
  roles?: InputMaybe<Array<WorkspaceRole>>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Come in by an invitation. One for an e-mail address is for the account with that address. Whoever was a member before doesn't
   * come back by a link. A member who uses a link stays what they are.
   * Codes: BAD_USER_INPUT, NOT_FOUND, INVITATION_REVOKED, INVITATION_USED, INVITATION_EXPIRED, INVITATION_FOR_ANOTHER,
   * WORKSPACE_ARCHIVED, FORBIDDEN.
   */
  acceptInvitation: AcceptInvitationPayload;
  /**
   * Make a registered person a member whose address is verified: others are invited. Owners and admins only. Adding a member again
   * with the same role changes nothing.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, ALREADY_MEMBER, WORKSPACE_ARCHIVED.
   */
  addMember: AddMemberPayload;
  /**
   * Archive a workspace: it stays visible to its members, and neither its name, its members' roles nor its invitations change any
   * more; nobody comes in, members can leave and be removed. Owners only. Doing it again changes nothing.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN.
   */
  archiveWorkspace: ArchiveWorkspacePayload;
  /**
   * Give a member another role. Owners and admins only; only owners make owners, and change what owners are.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, LAST_OWNER, WORKSPACE_ARCHIVED.
   */
  changeMemberRole: ChangeMemberRolePayload;
  /** Choose another password. All other sessions end. Whoever has none sets one by requestPasswordReset. Codes: BAD_USER_INPUT, INVALID_CREDENTIALS, TOO_BUSY. */
  changePassword: ChangePasswordPayload;
  /**
   * A link under which a browser downloads all that there is of the viewer, as JSON. It holds for five minutes, and only while the
   * session lasts. Codes: FORBIDDEN.
   */
  createDownloadLink: CreateDownloadLinkPayload;
  /**
   * Make a link by which a number of people can come in. Owners and admins only.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED.
   */
  createInvitationLink: CreateInvitationLinkPayload;
  /** Make a token for scripts and the SDK. It is in this answer, and nowhere else. Codes: BAD_USER_INPUT, FORBIDDEN. */
  createPersonalToken: CreatePersonalTokenPayload;
  /** Create a workspace; the viewer becomes its owner. Codes: BAD_USER_INPUT, ID_TAKEN. */
  createWorkspace: CreateWorkspacePayload;
  /**
   * Decline an invitation to the viewer's address; it holds no longer.
   * Codes: BAD_USER_INPUT, NOT_FOUND, INVITATION_REVOKED, INVITATION_USED, INVITATION_EXPIRED, INVITATION_FOR_ANOTHER.
   */
  declineInvitation: DeclineInvitationPayload;
  /**
   * Delete the viewer's account, at once and for good: sessions, tokens and memberships end, and what there is of the person is erased.
   * What they wrote stays, under "Deleted user"; a workspace with nobody else in it is archived. While they are the only owner of
   * others, these are named (LAST_OWNER).
   * Codes: BAD_USER_INPUT, FORBIDDEN, INVALID_CREDENTIALS, LOGIN_TOO_OLD, LAST_OWNER, TOO_BUSY.
   */
  deleteAccount: DeleteAccountPayload;
  /**
   * Invite whoever has an e-mail address, registered or not; the e-mail with the link follows, and holds for 7 days. The same again,
   * while it is open, changes nothing and sends nothing. Owners and admins only, and only owners invite owners.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, ALREADY_MEMBER, ALREADY_INVITED, WORKSPACE_ARCHIVED, TOO_BUSY.
   */
  inviteMember: InviteMemberPayload;
  /** End the viewer's own membership. Codes: BAD_USER_INPUT, NOT_FOUND, LAST_OWNER. */
  leaveWorkspace: LeaveWorkspacePayload;
  /** Sign in with e-mail and password. Codes: BAD_USER_INPUT, INVALID_CREDENTIALS, SUSPENDED, TOO_BUSY. */
  login: AuthPayload;
  /** End the session that asks. */
  logout: LogoutPayload;
  /** End all of the viewer's sessions, the one that asks included; not by a personal access token. Codes: FORBIDDEN. */
  logoutEverywhere: LogoutEverywherePayload;
  /** Create an account and sign in. Codes: BAD_USER_INPUT, EMAIL_TAKEN, ID_TAKEN, TOO_BUSY. */
  register: AuthPayload;
  /**
   * End somebody's membership; within a second nothing of the workspace is theirs to see. Owners and admins only, and only owners
   * remove owners. Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, LAST_OWNER.
   */
  removeMember: RemoveMemberPayload;
  /**
   * Give a workspace another name. Owners and admins only.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED.
   */
  renameWorkspace: RenameWorkspacePayload;
  /** Have the link sent again that verifies the viewer's e-mail address. Codes: TOO_BUSY. */
  requestEmailVerification: RequestEmailVerificationPayload;
  /**
   * Have a link sent that sets another password, good once and for an hour. The answer is the same whether anybody has the
   * address. Codes: BAD_USER_INPUT, TOO_BUSY.
   */
  requestPasswordReset: RequestPasswordResetPayload;
  /**
   * Send an invitation again, one that has expired included: its time begins anew, and only the latest e-mail holds. Owners and
   * admins only. Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, INVITATION_REVOKED, INVITATION_USED, WORKSPACE_ARCHIVED, TOO_BUSY.
   */
  resendInvitation: ResendInvitationPayload;
  /** Set another password by such a link. All sessions end. Codes: BAD_USER_INPUT, LINK_INVALID, TOO_BUSY. */
  resetPassword: ResetPasswordPayload;
  /** Let a suspended person sign in again. For global admins. Codes: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND. */
  restoreUser: RestoreUserPayload;
  /** Put an archived workspace to use again. Owners only. Doing it again changes nothing. Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
  restoreWorkspace: RestoreWorkspacePayload;
  /**
   * Take an invitation back: nobody comes in by it any more. Owners and admins only. Doing it again changes nothing.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, INVITATION_USED.
   */
  revokeInvitation: RevokeInvitationPayload;
  /** End a personal access token; within two seconds nothing takes it any more. Codes: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND. */
  revokePersonalToken: RevokePersonalTokenPayload;
  /** End one of the viewer's sessions; within two seconds nothing takes its tokens any more. Codes: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND. */
  revokeSession: RevokeSessionPayload;
  /** Suspend an account: its sessions and tokens end at once. For global admins. Codes: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND. */
  suspendUser: SuspendUserPayload;
  /**
   * Make another member an owner and the viewer an admin, at once. Owners only, and by no personal access token.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED.
   */
  transferOwnership: TransferOwnershipPayload;
  /** Unlink what the viewer signs in with at a provider. Codes: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, LAST_WAY_IN. */
  unlinkIdentity: UnlinkIdentityPayload;
  /** Change what the viewer says of themselves; what is left out stays. Codes: BAD_USER_INPUT. */
  updateProfile: UpdateProfilePayload;
  /** Verify an e-mail address by the link that was sent there: by registering, or again. Codes: LINK_INVALID. */
  verifyEmail: VerifyEmailPayload;
};


export type MutationAcceptInvitationArgs = {
  input: AcceptInvitationInput;
};


export type MutationAddMemberArgs = {
  input: AddMemberInput;
};


export type MutationArchiveWorkspaceArgs = {
  input: ArchiveWorkspaceInput;
};


export type MutationChangeMemberRoleArgs = {
  input: ChangeMemberRoleInput;
};


export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


export type MutationCreateInvitationLinkArgs = {
  input: CreateInvitationLinkInput;
};


export type MutationCreatePersonalTokenArgs = {
  input: CreatePersonalTokenInput;
};


export type MutationCreateWorkspaceArgs = {
  input: CreateWorkspaceInput;
};


export type MutationDeclineInvitationArgs = {
  input: DeclineInvitationInput;
};


export type MutationDeleteAccountArgs = {
  input: DeleteAccountInput;
};


export type MutationInviteMemberArgs = {
  input: InviteMemberInput;
};


export type MutationLeaveWorkspaceArgs = {
  input: LeaveWorkspaceInput;
};


export type MutationLoginArgs = {
  input: LoginInput;
};


export type MutationRegisterArgs = {
  input: RegisterInput;
};


export type MutationRemoveMemberArgs = {
  input: RemoveMemberInput;
};


export type MutationRenameWorkspaceArgs = {
  input: RenameWorkspaceInput;
};


export type MutationRequestPasswordResetArgs = {
  input: RequestPasswordResetInput;
};


export type MutationResendInvitationArgs = {
  input: ResendInvitationInput;
};


export type MutationResetPasswordArgs = {
  input: ResetPasswordInput;
};


export type MutationRestoreUserArgs = {
  input: RestoreUserInput;
};


export type MutationRestoreWorkspaceArgs = {
  input: RestoreWorkspaceInput;
};


export type MutationRevokeInvitationArgs = {
  input: RevokeInvitationInput;
};


export type MutationRevokePersonalTokenArgs = {
  input: RevokePersonalTokenInput;
};


export type MutationRevokeSessionArgs = {
  input: RevokeSessionInput;
};


export type MutationSuspendUserArgs = {
  input: SuspendUserInput;
};


export type MutationTransferOwnershipArgs = {
  input: TransferOwnershipInput;
};


export type MutationUnlinkIdentityArgs = {
  input: UnlinkIdentityInput;
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationVerifyEmailArgs = {
  input: VerifyEmailInput;
};

/** Relay's page information: https://relay.dev/graphql/connections.htm */
export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** A token for scripts and the SDK: `Authorization: Bearer tgp_…`. */
export type PersonalToken = {
  __typename?: 'PersonalToken';
  createdAt: Scalars['DateTime']['output'];
  expiresAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  /** To about a minute. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  name: Scalars['String']['output'];
  scope: TokenScope;
};

export type PersonalTokenConnection = {
  __typename?: 'PersonalTokenConnection';
  edges: Array<PersonalTokenEdge>;
  nodes: Array<PersonalToken>;
  pageInfo: PageInfo;
};

export type PersonalTokenEdge = {
  __typename?: 'PersonalTokenEdge';
  cursor: Scalars['String']['output'];
  node: PersonalToken;
};

export type Query = {
  __typename?: 'Query';
  /** All accounts, the latest first; those whose name or address begins with `search`. For global admins. Codes: FORBIDDEN. */
  accounts: AccountConnection;
  /** What the viewer signs in with at providers, the latest first. */
  identities: IdentityConnection;
  /** What an invitation leads to, for whoever has its token; no sign-in is needed. Codes: BAD_USER_INPUT, NOT_FOUND. */
  invitation?: Maybe<InvitationPreview>;
  /** Whom people can sign in with: `GET /auth/login/<name>`. */
  loginProviders: Array<LoginProvider>;
  /** The person who is signed in. */
  me: User;
  /** The viewer's personal access tokens that are good, the latest first. */
  personalTokens: PersonalTokenConnection;
  /** Where the viewer is signed in, the latest login first. */
  sessions: SessionConnection;
  /** A workspace that the viewer is a member of. Anything else is NOT_FOUND. */
  workspace?: Maybe<Workspace>;
};


export type QueryAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryIdentitiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryInvitationArgs = {
  token: Scalars['String']['input'];
};


export type QueryPersonalTokensArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryWorkspaceArgs = {
  id: Scalars['ID']['input'];
};

export type RegisterInput = {
  /** At most 254 characters; compared without regard to case. */
  email: Scalars['String']['input'];
  /** The client's own UUIDv7, which makes a retry safe. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 80 characters. */
  name: Scalars['String']['input'];
  /** 12 to 128 characters, and none of those that are tried first. */
  password: Scalars['String']['input'];
};

export type RemoveMemberInput = {
  userId: Scalars['ID']['input'];
  workspaceId: Scalars['ID']['input'];
};

export type RemoveMemberPayload = {
  __typename?: 'RemoveMemberPayload';
  /** Who is no longer a member. */
  userId: Scalars['ID']['output'];
  /** Null when the viewer has removed themselves. */
  workspace?: Maybe<Workspace>;
};

export type RenameWorkspaceInput = {
  id: Scalars['ID']['input'];
  /** 1 to 80 characters. */
  name: Scalars['String']['input'];
};

export type RenameWorkspacePayload = {
  __typename?: 'RenameWorkspacePayload';
  workspace: Workspace;
};

export type RequestEmailVerificationPayload = {
  __typename?: 'RequestEmailVerificationPayload';
  /** Where the e-mail goes. */
  email: Scalars['String']['output'];
};

export type RequestPasswordResetInput = {
  email: Scalars['String']['input'];
};

export type RequestPasswordResetPayload = {
  __typename?: 'RequestPasswordResetPayload';
  /** The address as it was understood. */
  email: Scalars['String']['output'];
};

export type ResendInvitationInput = {
  id: Scalars['ID']['input'];
};

export type ResendInvitationPayload = {
  __typename?: 'ResendInvitationPayload';
  invitation: Invitation;
};

export type ResetPasswordInput = {
  /** 12 to 128 characters, and none of those that are tried first. */
  password: Scalars['String']['input'];
  /** What stands behind the # of the link. */
  token: Scalars['String']['input'];
};

export type ResetPasswordPayload = {
  __typename?: 'ResetPasswordPayload';
  /** Whose password it is now: sign in with it. */
  email: Scalars['String']['output'];
};

export type RestoreUserInput = {
  userId: Scalars['ID']['input'];
};

export type RestoreUserPayload = {
  __typename?: 'RestoreUserPayload';
  account: Account;
};

export type RestoreWorkspaceInput = {
  id: Scalars['ID']['input'];
};

export type RestoreWorkspacePayload = {
  __typename?: 'RestoreWorkspacePayload';
  workspace: Workspace;
};

export type RevokeInvitationInput = {
  id: Scalars['ID']['input'];
};

export type RevokeInvitationPayload = {
  __typename?: 'RevokeInvitationPayload';
  invitation: Invitation;
};

export type RevokePersonalTokenInput = {
  id: Scalars['ID']['input'];
};

export type RevokePersonalTokenPayload = {
  __typename?: 'RevokePersonalTokenPayload';
  personalTokenId: Scalars['ID']['output'];
};

export type RevokeSessionInput = {
  id: Scalars['ID']['input'];
};

export type RevokeSessionPayload = {
  __typename?: 'RevokeSessionPayload';
  session: Session;
};

/** The viewer, signed in on one device. */
export type Session = {
  __typename?: 'Session';
  createdAt: Scalars['DateTime']['output'];
  /** Whether it is the session that asks. */
  current: Scalars['Boolean']['output'];
  /** What the client calls itself, in a few words: `Firefox on Linux`. */
  device: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  /** The address of the last login or refresh. */
  ip?: Maybe<Scalars['String']['output']>;
  /** The login, or the last refresh: access tokens are good for minutes, so this is no older than that while it is used. */
  lastSeenAt: Scalars['DateTime']['output'];
};

export type SessionConnection = {
  __typename?: 'SessionConnection';
  edges: Array<SessionEdge>;
  nodes: Array<Session>;
  pageInfo: PageInfo;
};

export type SessionEdge = {
  __typename?: 'SessionEdge';
  cursor: Scalars['String']['output'];
  node: Session;
};

export type SuspendUserInput = {
  userId: Scalars['ID']['input'];
};

export type SuspendUserPayload = {
  __typename?: 'SuspendUserPayload';
  account: Account;
};

/** What a personal access token may be used for; each includes those before it. */
export type TokenScope =
  /** What the person's global role allows. */
  | 'ADMIN'
  | 'READ'
  | 'WRITE';

export type TransferOwnershipInput = {
  /** Another member. */
  userId: Scalars['ID']['input'];
  workspaceId: Scalars['ID']['input'];
};

export type TransferOwnershipPayload = {
  __typename?: 'TransferOwnershipPayload';
  /** The new owner. */
  member: Member;
  workspace: Workspace;
};

export type UnlinkIdentityInput = {
  id: Scalars['ID']['input'];
};

export type UnlinkIdentityPayload = {
  __typename?: 'UnlinkIdentityPayload';
  identityId: Scalars['ID']['output'];
};

export type UpdateProfileInput = {
  /** An https URL of at most 2048 characters; null: none. */
  avatarUrl?: InputMaybe<Scalars['String']['input']>;
  /** A language tag (BCP 47), such as `de-CH`; null: none. */
  locale?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 80 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** A time zone of the IANA database, such as `Europe/Zurich`; null: none. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateProfilePayload = {
  __typename?: 'UpdateProfilePayload';
  user: User;
};

/** A person with an account. People who share a workspace see each other's id, name and avatar; the rest is for the person alone. */
export type User = {
  __typename?: 'User';
  avatarUrl?: Maybe<Scalars['String']['output']>;
  /** Null for everybody but the person. */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Null for everybody but the person. */
  email?: Maybe<Scalars['String']['output']>;
  /** Whether the address is known to be the person's. Null for everybody but the person. */
  emailVerified?: Maybe<Scalars['Boolean']['output']>;
  /** What the person may do beyond all workspaces. Null for everybody but the person. */
  globalRole?: Maybe<GlobalRole>;
  /** False for whoever signs in with a provider and has set none. Null for everybody but the person. */
  hasPassword?: Maybe<Scalars['Boolean']['output']>;
  id: Scalars['ID']['output'];
  /** A language tag (BCP 47). Null for everybody but the person. */
  locale?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  /** A time zone of the IANA database. Null for everybody but the person. */
  timeZone?: Maybe<Scalars['String']['output']>;
  /** The workspaces of the signed-in person, the oldest membership first. Null for everybody but the person. */
  workspaces?: Maybe<WorkspaceConnection>;
};


/** A person with an account. People who share a workspace see each other's id, name and avatar; the rest is for the person alone. */
export type UserWorkspacesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<WorkspaceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type VerifyEmailInput = {
  /** What stands behind the # of the link. */
  token: Scalars['String']['input'];
};

export type VerifyEmailPayload = {
  __typename?: 'VerifyEmailPayload';
  email: Scalars['String']['output'];
};

/** A team's place: projects live in it, and only its members see them. */
export type Workspace = {
  __typename?: 'Workspace';
  /** Since when it is archived; null while it is in use. */
  archivedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who did what here, and from where, the latest first. Null for everybody but owners and admins. */
  auditLog?: Maybe<AuditLogConnection>;
  createdAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  /** Invitations, the latest first. Null for everybody but owners and admins. */
  invitations?: Maybe<InvitationConnection>;
  /** Members, the oldest membership first. */
  members: MemberConnection;
  name: Scalars['String']['output'];
  viewerCanAddMembers: Scalars['Boolean']['output'];
  viewerCanArchive: Scalars['Boolean']['output'];
  /** The roles that the viewer may give to somebody who is added or invited; none for whoever may not. */
  viewerCanGrant: Array<WorkspaceRole>;
  /** False for the last owner. */
  viewerCanLeave: Scalars['Boolean']['output'];
  viewerCanRename: Scalars['Boolean']['output'];
  viewerCanRestore: Scalars['Boolean']['output'];
  viewerCanSeeAuditLog: Scalars['Boolean']['output'];
  viewerCanTransferOwnership: Scalars['Boolean']['output'];
  /** What the viewer is here. */
  viewerRole: WorkspaceRole;
};


/** A team's place: projects live in it, and only its members see them. */
export type WorkspaceAuditLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditLogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A team's place: projects live in it, and only its members see them. */
export type WorkspaceInvitationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<InvitationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A team's place: projects live in it, and only its members see them. */
export type WorkspaceMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<MemberFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type WorkspaceConnection = {
  __typename?: 'WorkspaceConnection';
  edges: Array<WorkspaceEdge>;
  nodes: Array<Workspace>;
  pageInfo: PageInfo;
};

export type WorkspaceEdge = {
  __typename?: 'WorkspaceEdge';
  cursor: Scalars['String']['output'];
  node: Workspace;
};

export type WorkspaceFilter = {
  /** Only those that are archived, or only those that are not. */
  archived?: InputMaybe<Scalars['Boolean']['input']>;
};

export type WorkspaceRole =
  | 'ADMIN'
  | 'GUEST'
  | 'MEMBER'
  | 'OWNER';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
  Workspace: Workspace;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
  Workspace:
    ( { __typename: 'Workspace' }
    & GraphQLRecursivePick<FederationTypes['Workspace'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AcceptInvitationInput: AcceptInvitationInput;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  AcceptInvitationPayload: ResolverTypeWrapper<Omit<AcceptInvitationPayload, 'member' | 'workspace'> & { member: ResolversTypes['Member'], workspace: ResolversTypes['Workspace'] }>;
  Account: ResolverTypeWrapper<UserModel>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AccountConnection: ResolverTypeWrapper<Omit<AccountConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['AccountEdge']>, nodes: Array<ResolversTypes['Account']> }>;
  AccountEdge: ResolverTypeWrapper<Omit<AccountEdge, 'node'> & { node: ResolversTypes['Account'] }>;
  AddMemberInput: AddMemberInput;
  AddMemberPayload: ResolverTypeWrapper<Omit<AddMemberPayload, 'member' | 'workspace'> & { member: ResolversTypes['Member'], workspace: ResolversTypes['Workspace'] }>;
  ArchiveWorkspaceInput: ArchiveWorkspaceInput;
  ArchiveWorkspacePayload: ResolverTypeWrapper<Omit<ArchiveWorkspacePayload, 'workspace'> & { workspace: ResolversTypes['Workspace'] }>;
  AuditAction: AuditAction;
  AuditChange: ResolverTypeWrapper<AuditChange>;
  AuditEntry: ResolverTypeWrapper<AuditEntryModel>;
  AuditLogConnection: ResolverTypeWrapper<Omit<AuditLogConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['AuditLogEdge']>, nodes: Array<ResolversTypes['AuditEntry']> }>;
  AuditLogEdge: ResolverTypeWrapper<Omit<AuditLogEdge, 'node'> & { node: ResolversTypes['AuditEntry'] }>;
  AuditLogFilter: AuditLogFilter;
  AuthPayload: ResolverTypeWrapper<Omit<AuthPayload, 'session' | 'user'> & { session: ResolversTypes['Session'], user: ResolversTypes['User'] }>;
  ChangeMemberRoleInput: ChangeMemberRoleInput;
  ChangeMemberRolePayload: ResolverTypeWrapper<Omit<ChangeMemberRolePayload, 'member' | 'workspace'> & { member: ResolversTypes['Member'], workspace: ResolversTypes['Workspace'] }>;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ResolverTypeWrapper<Omit<ChangePasswordPayload, 'user'> & { user: ResolversTypes['User'] }>;
  CreateDownloadLinkPayload: ResolverTypeWrapper<CreateDownloadLinkPayload>;
  CreateInvitationLinkInput: CreateInvitationLinkInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  CreateInvitationLinkPayload: ResolverTypeWrapper<Omit<CreateInvitationLinkPayload, 'invitation' | 'workspace'> & { invitation: ResolversTypes['Invitation'], workspace: ResolversTypes['Workspace'] }>;
  CreatePersonalTokenInput: CreatePersonalTokenInput;
  CreatePersonalTokenPayload: ResolverTypeWrapper<Omit<CreatePersonalTokenPayload, 'personalToken'> & { personalToken: ResolversTypes['PersonalToken'] }>;
  CreateWorkspaceInput: CreateWorkspaceInput;
  CreateWorkspacePayload: ResolverTypeWrapper<Omit<CreateWorkspacePayload, 'workspace'> & { workspace: ResolversTypes['Workspace'] }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeclineInvitationInput: DeclineInvitationInput;
  DeclineInvitationPayload: ResolverTypeWrapper<DeclineInvitationPayload>;
  DeleteAccountInput: DeleteAccountInput;
  DeleteAccountPayload: ResolverTypeWrapper<DeleteAccountPayload>;
  GlobalRole: GlobalRole;
  Identity: ResolverTypeWrapper<IdentityModel>;
  IdentityConnection: ResolverTypeWrapper<Omit<IdentityConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['IdentityEdge']>, nodes: Array<ResolversTypes['Identity']> }>;
  IdentityEdge: ResolverTypeWrapper<Omit<IdentityEdge, 'node'> & { node: ResolversTypes['Identity'] }>;
  Invitation: ResolverTypeWrapper<InvitationModel>;
  InvitationConnection: ResolverTypeWrapper<Omit<InvitationConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['InvitationEdge']>, nodes: Array<ResolversTypes['Invitation']> }>;
  InvitationEdge: ResolverTypeWrapper<Omit<InvitationEdge, 'node'> & { node: ResolversTypes['Invitation'] }>;
  InvitationFilter: InvitationFilter;
  InvitationPreview: ResolverTypeWrapper<InvitedModel>;
  InvitationState: InvitationState;
  InviteMemberInput: InviteMemberInput;
  InviteMemberPayload: ResolverTypeWrapper<Omit<InviteMemberPayload, 'invitation' | 'workspace'> & { invitation: ResolversTypes['Invitation'], workspace: ResolversTypes['Workspace'] }>;
  LeaveWorkspaceInput: LeaveWorkspaceInput;
  LeaveWorkspacePayload: ResolverTypeWrapper<LeaveWorkspacePayload>;
  LoginInput: LoginInput;
  LoginProvider: ResolverTypeWrapper<LoginProvider>;
  LogoutEverywherePayload: ResolverTypeWrapper<LogoutEverywherePayload>;
  LogoutPayload: ResolverTypeWrapper<LogoutPayload>;
  Member: ResolverTypeWrapper<MembershipModel>;
  MemberConnection: ResolverTypeWrapper<Omit<MemberConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['MemberEdge']>, nodes: Array<ResolversTypes['Member']> }>;
  MemberEdge: ResolverTypeWrapper<Omit<MemberEdge, 'node'> & { node: ResolversTypes['Member'] }>;
  MemberFilter: MemberFilter;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PersonalToken: ResolverTypeWrapper<PersonalTokenModel>;
  PersonalTokenConnection: ResolverTypeWrapper<Omit<PersonalTokenConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['PersonalTokenEdge']>, nodes: Array<ResolversTypes['PersonalToken']> }>;
  PersonalTokenEdge: ResolverTypeWrapper<Omit<PersonalTokenEdge, 'node'> & { node: ResolversTypes['PersonalToken'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RegisterInput: RegisterInput;
  RemoveMemberInput: RemoveMemberInput;
  RemoveMemberPayload: ResolverTypeWrapper<Omit<RemoveMemberPayload, 'workspace'> & { workspace?: Maybe<ResolversTypes['Workspace']> }>;
  RenameWorkspaceInput: RenameWorkspaceInput;
  RenameWorkspacePayload: ResolverTypeWrapper<Omit<RenameWorkspacePayload, 'workspace'> & { workspace: ResolversTypes['Workspace'] }>;
  RequestEmailVerificationPayload: ResolverTypeWrapper<RequestEmailVerificationPayload>;
  RequestPasswordResetInput: RequestPasswordResetInput;
  RequestPasswordResetPayload: ResolverTypeWrapper<RequestPasswordResetPayload>;
  ResendInvitationInput: ResendInvitationInput;
  ResendInvitationPayload: ResolverTypeWrapper<Omit<ResendInvitationPayload, 'invitation'> & { invitation: ResolversTypes['Invitation'] }>;
  ResetPasswordInput: ResetPasswordInput;
  ResetPasswordPayload: ResolverTypeWrapper<ResetPasswordPayload>;
  RestoreUserInput: RestoreUserInput;
  RestoreUserPayload: ResolverTypeWrapper<Omit<RestoreUserPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  RestoreWorkspaceInput: RestoreWorkspaceInput;
  RestoreWorkspacePayload: ResolverTypeWrapper<Omit<RestoreWorkspacePayload, 'workspace'> & { workspace: ResolversTypes['Workspace'] }>;
  RevokeInvitationInput: RevokeInvitationInput;
  RevokeInvitationPayload: ResolverTypeWrapper<Omit<RevokeInvitationPayload, 'invitation'> & { invitation: ResolversTypes['Invitation'] }>;
  RevokePersonalTokenInput: RevokePersonalTokenInput;
  RevokePersonalTokenPayload: ResolverTypeWrapper<RevokePersonalTokenPayload>;
  RevokeSessionInput: RevokeSessionInput;
  RevokeSessionPayload: ResolverTypeWrapper<Omit<RevokeSessionPayload, 'session'> & { session: ResolversTypes['Session'] }>;
  Session: ResolverTypeWrapper<SessionModel>;
  SessionConnection: ResolverTypeWrapper<Omit<SessionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['SessionEdge']>, nodes: Array<ResolversTypes['Session']> }>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SuspendUserInput: SuspendUserInput;
  SuspendUserPayload: ResolverTypeWrapper<Omit<SuspendUserPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  TokenScope: TokenScope;
  TransferOwnershipInput: TransferOwnershipInput;
  TransferOwnershipPayload: ResolverTypeWrapper<Omit<TransferOwnershipPayload, 'member' | 'workspace'> & { member: ResolversTypes['Member'], workspace: ResolversTypes['Workspace'] }>;
  UnlinkIdentityInput: UnlinkIdentityInput;
  UnlinkIdentityPayload: ResolverTypeWrapper<UnlinkIdentityPayload>;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: ResolverTypeWrapper<Omit<UpdateProfilePayload, 'user'> & { user: ResolversTypes['User'] }>;
  User: ResolverTypeWrapper<UserModel>;
  VerifyEmailInput: VerifyEmailInput;
  VerifyEmailPayload: ResolverTypeWrapper<VerifyEmailPayload>;
  Workspace: ResolverTypeWrapper<WorkspaceModel>;
  WorkspaceConnection: ResolverTypeWrapper<Omit<WorkspaceConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['WorkspaceEdge']>, nodes: Array<ResolversTypes['Workspace']> }>;
  WorkspaceEdge: ResolverTypeWrapper<Omit<WorkspaceEdge, 'node'> & { node: ResolversTypes['Workspace'] }>;
  WorkspaceFilter: WorkspaceFilter;
  WorkspaceRole: WorkspaceRole;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AcceptInvitationInput: AcceptInvitationInput;
  String: Scalars['String']['output'];
  AcceptInvitationPayload: Omit<AcceptInvitationPayload, 'member' | 'workspace'> & { member: ResolversParentTypes['Member'], workspace: ResolversParentTypes['Workspace'] };
  Account: UserModel;
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  AccountConnection: Omit<AccountConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['AccountEdge']>, nodes: Array<ResolversParentTypes['Account']> };
  AccountEdge: Omit<AccountEdge, 'node'> & { node: ResolversParentTypes['Account'] };
  AddMemberInput: AddMemberInput;
  AddMemberPayload: Omit<AddMemberPayload, 'member' | 'workspace'> & { member: ResolversParentTypes['Member'], workspace: ResolversParentTypes['Workspace'] };
  ArchiveWorkspaceInput: ArchiveWorkspaceInput;
  ArchiveWorkspacePayload: Omit<ArchiveWorkspacePayload, 'workspace'> & { workspace: ResolversParentTypes['Workspace'] };
  AuditChange: AuditChange;
  AuditEntry: AuditEntryModel;
  AuditLogConnection: Omit<AuditLogConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['AuditLogEdge']>, nodes: Array<ResolversParentTypes['AuditEntry']> };
  AuditLogEdge: Omit<AuditLogEdge, 'node'> & { node: ResolversParentTypes['AuditEntry'] };
  AuditLogFilter: AuditLogFilter;
  AuthPayload: Omit<AuthPayload, 'session' | 'user'> & { session: ResolversParentTypes['Session'], user: ResolversParentTypes['User'] };
  ChangeMemberRoleInput: ChangeMemberRoleInput;
  ChangeMemberRolePayload: Omit<ChangeMemberRolePayload, 'member' | 'workspace'> & { member: ResolversParentTypes['Member'], workspace: ResolversParentTypes['Workspace'] };
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: Omit<ChangePasswordPayload, 'user'> & { user: ResolversParentTypes['User'] };
  CreateDownloadLinkPayload: CreateDownloadLinkPayload;
  CreateInvitationLinkInput: CreateInvitationLinkInput;
  Int: Scalars['Int']['output'];
  CreateInvitationLinkPayload: Omit<CreateInvitationLinkPayload, 'invitation' | 'workspace'> & { invitation: ResolversParentTypes['Invitation'], workspace: ResolversParentTypes['Workspace'] };
  CreatePersonalTokenInput: CreatePersonalTokenInput;
  CreatePersonalTokenPayload: Omit<CreatePersonalTokenPayload, 'personalToken'> & { personalToken: ResolversParentTypes['PersonalToken'] };
  CreateWorkspaceInput: CreateWorkspaceInput;
  CreateWorkspacePayload: Omit<CreateWorkspacePayload, 'workspace'> & { workspace: ResolversParentTypes['Workspace'] };
  DateTime: Scalars['DateTime']['output'];
  DeclineInvitationInput: DeclineInvitationInput;
  DeclineInvitationPayload: DeclineInvitationPayload;
  DeleteAccountInput: DeleteAccountInput;
  DeleteAccountPayload: DeleteAccountPayload;
  Identity: IdentityModel;
  IdentityConnection: Omit<IdentityConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['IdentityEdge']>, nodes: Array<ResolversParentTypes['Identity']> };
  IdentityEdge: Omit<IdentityEdge, 'node'> & { node: ResolversParentTypes['Identity'] };
  Invitation: InvitationModel;
  InvitationConnection: Omit<InvitationConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['InvitationEdge']>, nodes: Array<ResolversParentTypes['Invitation']> };
  InvitationEdge: Omit<InvitationEdge, 'node'> & { node: ResolversParentTypes['Invitation'] };
  InvitationFilter: InvitationFilter;
  InvitationPreview: InvitedModel;
  InviteMemberInput: InviteMemberInput;
  InviteMemberPayload: Omit<InviteMemberPayload, 'invitation' | 'workspace'> & { invitation: ResolversParentTypes['Invitation'], workspace: ResolversParentTypes['Workspace'] };
  LeaveWorkspaceInput: LeaveWorkspaceInput;
  LeaveWorkspacePayload: LeaveWorkspacePayload;
  LoginInput: LoginInput;
  LoginProvider: LoginProvider;
  LogoutEverywherePayload: LogoutEverywherePayload;
  LogoutPayload: LogoutPayload;
  Member: MembershipModel;
  MemberConnection: Omit<MemberConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['MemberEdge']>, nodes: Array<ResolversParentTypes['Member']> };
  MemberEdge: Omit<MemberEdge, 'node'> & { node: ResolversParentTypes['Member'] };
  MemberFilter: MemberFilter;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  PersonalToken: PersonalTokenModel;
  PersonalTokenConnection: Omit<PersonalTokenConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['PersonalTokenEdge']>, nodes: Array<ResolversParentTypes['PersonalToken']> };
  PersonalTokenEdge: Omit<PersonalTokenEdge, 'node'> & { node: ResolversParentTypes['PersonalToken'] };
  Query: Record<PropertyKey, never>;
  RegisterInput: RegisterInput;
  RemoveMemberInput: RemoveMemberInput;
  RemoveMemberPayload: Omit<RemoveMemberPayload, 'workspace'> & { workspace?: Maybe<ResolversParentTypes['Workspace']> };
  RenameWorkspaceInput: RenameWorkspaceInput;
  RenameWorkspacePayload: Omit<RenameWorkspacePayload, 'workspace'> & { workspace: ResolversParentTypes['Workspace'] };
  RequestEmailVerificationPayload: RequestEmailVerificationPayload;
  RequestPasswordResetInput: RequestPasswordResetInput;
  RequestPasswordResetPayload: RequestPasswordResetPayload;
  ResendInvitationInput: ResendInvitationInput;
  ResendInvitationPayload: Omit<ResendInvitationPayload, 'invitation'> & { invitation: ResolversParentTypes['Invitation'] };
  ResetPasswordInput: ResetPasswordInput;
  ResetPasswordPayload: ResetPasswordPayload;
  RestoreUserInput: RestoreUserInput;
  RestoreUserPayload: Omit<RestoreUserPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  RestoreWorkspaceInput: RestoreWorkspaceInput;
  RestoreWorkspacePayload: Omit<RestoreWorkspacePayload, 'workspace'> & { workspace: ResolversParentTypes['Workspace'] };
  RevokeInvitationInput: RevokeInvitationInput;
  RevokeInvitationPayload: Omit<RevokeInvitationPayload, 'invitation'> & { invitation: ResolversParentTypes['Invitation'] };
  RevokePersonalTokenInput: RevokePersonalTokenInput;
  RevokePersonalTokenPayload: RevokePersonalTokenPayload;
  RevokeSessionInput: RevokeSessionInput;
  RevokeSessionPayload: Omit<RevokeSessionPayload, 'session'> & { session: ResolversParentTypes['Session'] };
  Session: SessionModel;
  SessionConnection: Omit<SessionConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['SessionEdge']>, nodes: Array<ResolversParentTypes['Session']> };
  SessionEdge: Omit<SessionEdge, 'node'> & { node: ResolversParentTypes['Session'] };
  SuspendUserInput: SuspendUserInput;
  SuspendUserPayload: Omit<SuspendUserPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  TransferOwnershipInput: TransferOwnershipInput;
  TransferOwnershipPayload: Omit<TransferOwnershipPayload, 'member' | 'workspace'> & { member: ResolversParentTypes['Member'], workspace: ResolversParentTypes['Workspace'] };
  UnlinkIdentityInput: UnlinkIdentityInput;
  UnlinkIdentityPayload: UnlinkIdentityPayload;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: Omit<UpdateProfilePayload, 'user'> & { user: ResolversParentTypes['User'] };
  User: UserModel;
  VerifyEmailInput: VerifyEmailInput;
  VerifyEmailPayload: VerifyEmailPayload;
  Workspace: WorkspaceModel;
  WorkspaceConnection: Omit<WorkspaceConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['WorkspaceEdge']>, nodes: Array<ResolversParentTypes['Workspace']> };
  WorkspaceEdge: Omit<WorkspaceEdge, 'node'> & { node: ResolversParentTypes['Workspace'] };
  WorkspaceFilter: WorkspaceFilter;
};

export type AcceptInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AcceptInvitationPayload'] = ResolversParentTypes['AcceptInvitationPayload']> = {
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type AccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  globalRole?: Resolver<ResolversTypes['GlobalRole'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  suspended?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AccountConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountConnection'] = ResolversParentTypes['AccountConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AccountEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Account']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AccountEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccountEdge'] = ResolversParentTypes['AccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type AddMemberPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddMemberPayload'] = ResolversParentTypes['AddMemberPayload']> = {
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type ArchiveWorkspacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ArchiveWorkspacePayload'] = ResolversParentTypes['ArchiveWorkspacePayload']> = {
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type AuditChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditChange'] = ResolversParentTypes['AuditChange']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  action?: Resolver<ResolversTypes['AuditAction'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['AuditChange']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AuditLogConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditLogConnection'] = ResolversParentTypes['AuditLogConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditLogEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditLogEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditLogEdge'] = ResolversParentTypes['AuditLogEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEntry'], ParentType, ContextType>;
};

export type AuthPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuthPayload'] = ResolversParentTypes['AuthPayload']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type ChangeMemberRolePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeMemberRolePayload'] = ResolversParentTypes['ChangeMemberRolePayload']> = {
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type ChangePasswordPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordPayload'] = ResolversParentTypes['ChangePasswordPayload']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type CreateDownloadLinkPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateDownloadLinkPayload'] = ResolversParentTypes['CreateDownloadLinkPayload']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CreateInvitationLinkPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateInvitationLinkPayload'] = ResolversParentTypes['CreateInvitationLinkPayload']> = {
  invitation?: Resolver<ResolversTypes['Invitation'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type CreatePersonalTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreatePersonalTokenPayload'] = ResolversParentTypes['CreatePersonalTokenPayload']> = {
  personalToken?: Resolver<ResolversTypes['PersonalToken'], ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CreateWorkspacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateWorkspacePayload'] = ResolversParentTypes['CreateWorkspacePayload']> = {
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeclineInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeclineInvitationPayload'] = ResolversParentTypes['DeclineInvitationPayload']> = {
  workspaceName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DeleteAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteAccountPayload'] = ResolversParentTypes['DeleteAccountPayload']> = {
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type IdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Identity'] = ResolversParentTypes['Identity']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  viewerCanUnlink?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type IdentityConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdentityConnection'] = ResolversParentTypes['IdentityConnection']> = {
  edges?: Resolver<Array<ResolversTypes['IdentityEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Identity']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type IdentityEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdentityEdge'] = ResolversParentTypes['IdentityEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Identity'], ParentType, ContextType>;
};

export type InvitationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Invitation'] = ResolversParentTypes['Invitation']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inviter?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  maxUses?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['WorkspaceRole'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['InvitationState'], ParentType, ContextType>;
  token?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uses?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  viewerCanResend?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanRevoke?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type InvitationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvitationConnection'] = ResolversParentTypes['InvitationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['InvitationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Invitation']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type InvitationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvitationEdge'] = ResolversParentTypes['InvitationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Invitation'], ParentType, ContextType>;
};

export type InvitationPreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvitationPreview'] = ResolversParentTypes['InvitationPreview']> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  inviterName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['WorkspaceRole'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['InvitationState'], ParentType, ContextType>;
  viewerCanAccept?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  workspaceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type InviteMemberPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InviteMemberPayload'] = ResolversParentTypes['InviteMemberPayload']> = {
  invitation?: Resolver<ResolversTypes['Invitation'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type LeaveWorkspacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LeaveWorkspacePayload'] = ResolversParentTypes['LeaveWorkspacePayload']> = {
  workspaceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type LoginProviderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginProvider'] = ResolversParentTypes['LoginProvider']> = {
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LogoutEverywherePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutEverywherePayload'] = ResolversParentTypes['LogoutEverywherePayload']> = {
  sessionIds?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type LogoutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutPayload'] = ResolversParentTypes['LogoutPayload']> = {
  sessionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member']> = {
  joinedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['WorkspaceRole'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  viewerCanChangeRoleTo?: Resolver<Array<ResolversTypes['WorkspaceRole']>, ParentType, ContextType>;
  viewerCanRemove?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type MemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberConnection'] = ResolversParentTypes['MemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['MemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Member']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type MemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberEdge'] = ResolversParentTypes['MemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acceptInvitation?: Resolver<ResolversTypes['AcceptInvitationPayload'], ParentType, ContextType, RequireFields<MutationAcceptInvitationArgs, 'input'>>;
  addMember?: Resolver<ResolversTypes['AddMemberPayload'], ParentType, ContextType, RequireFields<MutationAddMemberArgs, 'input'>>;
  archiveWorkspace?: Resolver<ResolversTypes['ArchiveWorkspacePayload'], ParentType, ContextType, RequireFields<MutationArchiveWorkspaceArgs, 'input'>>;
  changeMemberRole?: Resolver<ResolversTypes['ChangeMemberRolePayload'], ParentType, ContextType, RequireFields<MutationChangeMemberRoleArgs, 'input'>>;
  changePassword?: Resolver<ResolversTypes['ChangePasswordPayload'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  createDownloadLink?: Resolver<ResolversTypes['CreateDownloadLinkPayload'], ParentType, ContextType>;
  createInvitationLink?: Resolver<ResolversTypes['CreateInvitationLinkPayload'], ParentType, ContextType, RequireFields<MutationCreateInvitationLinkArgs, 'input'>>;
  createPersonalToken?: Resolver<ResolversTypes['CreatePersonalTokenPayload'], ParentType, ContextType, RequireFields<MutationCreatePersonalTokenArgs, 'input'>>;
  createWorkspace?: Resolver<ResolversTypes['CreateWorkspacePayload'], ParentType, ContextType, RequireFields<MutationCreateWorkspaceArgs, 'input'>>;
  declineInvitation?: Resolver<ResolversTypes['DeclineInvitationPayload'], ParentType, ContextType, RequireFields<MutationDeclineInvitationArgs, 'input'>>;
  deleteAccount?: Resolver<ResolversTypes['DeleteAccountPayload'], ParentType, ContextType, RequireFields<MutationDeleteAccountArgs, 'input'>>;
  inviteMember?: Resolver<ResolversTypes['InviteMemberPayload'], ParentType, ContextType, RequireFields<MutationInviteMemberArgs, 'input'>>;
  leaveWorkspace?: Resolver<ResolversTypes['LeaveWorkspacePayload'], ParentType, ContextType, RequireFields<MutationLeaveWorkspaceArgs, 'input'>>;
  login?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  logout?: Resolver<ResolversTypes['LogoutPayload'], ParentType, ContextType>;
  logoutEverywhere?: Resolver<ResolversTypes['LogoutEverywherePayload'], ParentType, ContextType>;
  register?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationRegisterArgs, 'input'>>;
  removeMember?: Resolver<ResolversTypes['RemoveMemberPayload'], ParentType, ContextType, RequireFields<MutationRemoveMemberArgs, 'input'>>;
  renameWorkspace?: Resolver<ResolversTypes['RenameWorkspacePayload'], ParentType, ContextType, RequireFields<MutationRenameWorkspaceArgs, 'input'>>;
  requestEmailVerification?: Resolver<ResolversTypes['RequestEmailVerificationPayload'], ParentType, ContextType>;
  requestPasswordReset?: Resolver<ResolversTypes['RequestPasswordResetPayload'], ParentType, ContextType, RequireFields<MutationRequestPasswordResetArgs, 'input'>>;
  resendInvitation?: Resolver<ResolversTypes['ResendInvitationPayload'], ParentType, ContextType, RequireFields<MutationResendInvitationArgs, 'input'>>;
  resetPassword?: Resolver<ResolversTypes['ResetPasswordPayload'], ParentType, ContextType, RequireFields<MutationResetPasswordArgs, 'input'>>;
  restoreUser?: Resolver<ResolversTypes['RestoreUserPayload'], ParentType, ContextType, RequireFields<MutationRestoreUserArgs, 'input'>>;
  restoreWorkspace?: Resolver<ResolversTypes['RestoreWorkspacePayload'], ParentType, ContextType, RequireFields<MutationRestoreWorkspaceArgs, 'input'>>;
  revokeInvitation?: Resolver<ResolversTypes['RevokeInvitationPayload'], ParentType, ContextType, RequireFields<MutationRevokeInvitationArgs, 'input'>>;
  revokePersonalToken?: Resolver<ResolversTypes['RevokePersonalTokenPayload'], ParentType, ContextType, RequireFields<MutationRevokePersonalTokenArgs, 'input'>>;
  revokeSession?: Resolver<ResolversTypes['RevokeSessionPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'input'>>;
  suspendUser?: Resolver<ResolversTypes['SuspendUserPayload'], ParentType, ContextType, RequireFields<MutationSuspendUserArgs, 'input'>>;
  transferOwnership?: Resolver<ResolversTypes['TransferOwnershipPayload'], ParentType, ContextType, RequireFields<MutationTransferOwnershipArgs, 'input'>>;
  unlinkIdentity?: Resolver<ResolversTypes['UnlinkIdentityPayload'], ParentType, ContextType, RequireFields<MutationUnlinkIdentityArgs, 'input'>>;
  updateProfile?: Resolver<ResolversTypes['UpdateProfilePayload'], ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  verifyEmail?: Resolver<ResolversTypes['VerifyEmailPayload'], ParentType, ContextType, RequireFields<MutationVerifyEmailArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PersonalTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonalToken'] = ResolversParentTypes['PersonalToken']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scope?: Resolver<ResolversTypes['TokenScope'], ParentType, ContextType>;
};

export type PersonalTokenConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonalTokenConnection'] = ResolversParentTypes['PersonalTokenConnection']> = {
  edges?: Resolver<Array<ResolversTypes['PersonalTokenEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['PersonalToken']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PersonalTokenEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonalTokenEdge'] = ResolversParentTypes['PersonalTokenEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PersonalToken'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  accounts?: Resolver<ResolversTypes['AccountConnection'], ParentType, ContextType, Partial<QueryAccountsArgs>>;
  identities?: Resolver<ResolversTypes['IdentityConnection'], ParentType, ContextType, Partial<QueryIdentitiesArgs>>;
  invitation?: Resolver<Maybe<ResolversTypes['InvitationPreview']>, ParentType, ContextType, RequireFields<QueryInvitationArgs, 'token'>>;
  loginProviders?: Resolver<Array<ResolversTypes['LoginProvider']>, ParentType, ContextType>;
  me?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  personalTokens?: Resolver<ResolversTypes['PersonalTokenConnection'], ParentType, ContextType, Partial<QueryPersonalTokensArgs>>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, Partial<QuerySessionsArgs>>;
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType, RequireFields<QueryWorkspaceArgs, 'id'>>;
};

export type RemoveMemberPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RemoveMemberPayload'] = ResolversParentTypes['RemoveMemberPayload']> = {
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>;
};

export type RenameWorkspacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RenameWorkspacePayload'] = ResolversParentTypes['RenameWorkspacePayload']> = {
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type RequestEmailVerificationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestEmailVerificationPayload'] = ResolversParentTypes['RequestEmailVerificationPayload']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RequestPasswordResetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestPasswordResetPayload'] = ResolversParentTypes['RequestPasswordResetPayload']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ResendInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResendInvitationPayload'] = ResolversParentTypes['ResendInvitationPayload']> = {
  invitation?: Resolver<ResolversTypes['Invitation'], ParentType, ContextType>;
};

export type ResetPasswordPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResetPasswordPayload'] = ResolversParentTypes['ResetPasswordPayload']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RestoreUserPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RestoreUserPayload'] = ResolversParentTypes['RestoreUserPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type RestoreWorkspacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RestoreWorkspacePayload'] = ResolversParentTypes['RestoreWorkspacePayload']> = {
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type RevokeInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeInvitationPayload'] = ResolversParentTypes['RevokeInvitationPayload']> = {
  invitation?: Resolver<ResolversTypes['Invitation'], ParentType, ContextType>;
};

export type RevokePersonalTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokePersonalTokenPayload'] = ResolversParentTypes['RevokePersonalTokenPayload']> = {
  personalTokenId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RevokeSessionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionPayload'] = ResolversParentTypes['RevokeSessionPayload']> = {
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  device?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ip?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastSeenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SessionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionConnection'] = ResolversParentTypes['SessionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SessionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Session']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SessionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionEdge'] = ResolversParentTypes['SessionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
};

export type SuspendUserPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SuspendUserPayload'] = ResolversParentTypes['SuspendUserPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type TransferOwnershipPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransferOwnershipPayload'] = ResolversParentTypes['TransferOwnershipPayload']> = {
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  workspace?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type UnlinkIdentityPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnlinkIdentityPayload'] = ResolversParentTypes['UnlinkIdentityPayload']> = {
  identityId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type UpdateProfilePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfilePayload'] = ResolversParentTypes['UpdateProfilePayload']> = {
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  avatarUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  emailVerified?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  globalRole?: Resolver<Maybe<ResolversTypes['GlobalRole']>, ParentType, ContextType>;
  hasPassword?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  locale?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  timeZone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  workspaces?: Resolver<Maybe<ResolversTypes['WorkspaceConnection']>, ParentType, ContextType, Partial<UserWorkspacesArgs>>;
};

export type VerifyEmailPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerifyEmailPayload'] = ResolversParentTypes['VerifyEmailPayload']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type WorkspaceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Workspace'] = ResolversParentTypes['Workspace'], FederationReferenceType extends FederationReferenceTypes['Workspace'] = FederationReferenceTypes['Workspace']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Workspace']> | FederationReferenceType, FederationReferenceType, ContextType>;
  archivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  auditLog?: Resolver<Maybe<ResolversTypes['AuditLogConnection']>, ParentType, ContextType, Partial<WorkspaceAuditLogArgs>>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  invitations?: Resolver<Maybe<ResolversTypes['InvitationConnection']>, ParentType, ContextType, Partial<WorkspaceInvitationsArgs>>;
  members?: Resolver<ResolversTypes['MemberConnection'], ParentType, ContextType, Partial<WorkspaceMembersArgs>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  viewerCanAddMembers?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanArchive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanGrant?: Resolver<Array<ResolversTypes['WorkspaceRole']>, ParentType, ContextType>;
  viewerCanLeave?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanRename?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanRestore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanSeeAuditLog?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerCanTransferOwnership?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  viewerRole?: Resolver<ResolversTypes['WorkspaceRole'], ParentType, ContextType>;
};

export type WorkspaceConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WorkspaceConnection'] = ResolversParentTypes['WorkspaceConnection']> = {
  edges?: Resolver<Array<ResolversTypes['WorkspaceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Workspace']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type WorkspaceEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WorkspaceEdge'] = ResolversParentTypes['WorkspaceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AcceptInvitationPayload?: AcceptInvitationPayloadResolvers<ContextType>;
  Account?: AccountResolvers<ContextType>;
  AccountConnection?: AccountConnectionResolvers<ContextType>;
  AccountEdge?: AccountEdgeResolvers<ContextType>;
  AddMemberPayload?: AddMemberPayloadResolvers<ContextType>;
  ArchiveWorkspacePayload?: ArchiveWorkspacePayloadResolvers<ContextType>;
  AuditChange?: AuditChangeResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  AuditLogConnection?: AuditLogConnectionResolvers<ContextType>;
  AuditLogEdge?: AuditLogEdgeResolvers<ContextType>;
  AuthPayload?: AuthPayloadResolvers<ContextType>;
  ChangeMemberRolePayload?: ChangeMemberRolePayloadResolvers<ContextType>;
  ChangePasswordPayload?: ChangePasswordPayloadResolvers<ContextType>;
  CreateDownloadLinkPayload?: CreateDownloadLinkPayloadResolvers<ContextType>;
  CreateInvitationLinkPayload?: CreateInvitationLinkPayloadResolvers<ContextType>;
  CreatePersonalTokenPayload?: CreatePersonalTokenPayloadResolvers<ContextType>;
  CreateWorkspacePayload?: CreateWorkspacePayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeclineInvitationPayload?: DeclineInvitationPayloadResolvers<ContextType>;
  DeleteAccountPayload?: DeleteAccountPayloadResolvers<ContextType>;
  Identity?: IdentityResolvers<ContextType>;
  IdentityConnection?: IdentityConnectionResolvers<ContextType>;
  IdentityEdge?: IdentityEdgeResolvers<ContextType>;
  Invitation?: InvitationResolvers<ContextType>;
  InvitationConnection?: InvitationConnectionResolvers<ContextType>;
  InvitationEdge?: InvitationEdgeResolvers<ContextType>;
  InvitationPreview?: InvitationPreviewResolvers<ContextType>;
  InviteMemberPayload?: InviteMemberPayloadResolvers<ContextType>;
  LeaveWorkspacePayload?: LeaveWorkspacePayloadResolvers<ContextType>;
  LoginProvider?: LoginProviderResolvers<ContextType>;
  LogoutEverywherePayload?: LogoutEverywherePayloadResolvers<ContextType>;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  MemberConnection?: MemberConnectionResolvers<ContextType>;
  MemberEdge?: MemberEdgeResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PersonalToken?: PersonalTokenResolvers<ContextType>;
  PersonalTokenConnection?: PersonalTokenConnectionResolvers<ContextType>;
  PersonalTokenEdge?: PersonalTokenEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RemoveMemberPayload?: RemoveMemberPayloadResolvers<ContextType>;
  RenameWorkspacePayload?: RenameWorkspacePayloadResolvers<ContextType>;
  RequestEmailVerificationPayload?: RequestEmailVerificationPayloadResolvers<ContextType>;
  RequestPasswordResetPayload?: RequestPasswordResetPayloadResolvers<ContextType>;
  ResendInvitationPayload?: ResendInvitationPayloadResolvers<ContextType>;
  ResetPasswordPayload?: ResetPasswordPayloadResolvers<ContextType>;
  RestoreUserPayload?: RestoreUserPayloadResolvers<ContextType>;
  RestoreWorkspacePayload?: RestoreWorkspacePayloadResolvers<ContextType>;
  RevokeInvitationPayload?: RevokeInvitationPayloadResolvers<ContextType>;
  RevokePersonalTokenPayload?: RevokePersonalTokenPayloadResolvers<ContextType>;
  RevokeSessionPayload?: RevokeSessionPayloadResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionConnection?: SessionConnectionResolvers<ContextType>;
  SessionEdge?: SessionEdgeResolvers<ContextType>;
  SuspendUserPayload?: SuspendUserPayloadResolvers<ContextType>;
  TransferOwnershipPayload?: TransferOwnershipPayloadResolvers<ContextType>;
  UnlinkIdentityPayload?: UnlinkIdentityPayloadResolvers<ContextType>;
  UpdateProfilePayload?: UpdateProfilePayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  VerifyEmailPayload?: VerifyEmailPayloadResolvers<ContextType>;
  Workspace?: WorkspaceResolvers<ContextType>;
  WorkspaceConnection?: WorkspaceConnectionResolvers<ContextType>;
  WorkspaceEdge?: WorkspaceEdgeResolvers<ContextType>;
};

