import type { Resolvers } from '../generated/resolvers.ts';
import { Member } from './Member.ts';
import { addMember } from './Mutation/addMember.ts';
import { createWorkspace } from './Mutation/createWorkspace.ts';
import { login } from './Mutation/login.ts';
import { logout } from './Mutation/logout.ts';
import { logoutEverywhere } from './Mutation/logoutEverywhere.ts';
import { register } from './Mutation/register.ts';
import { revokeSession } from './Mutation/revokeSession.ts';
import { me } from './Query/me.ts';
import { sessions } from './Query/sessions.ts';
import { workspace } from './Query/workspace.ts';
import { Session } from './Session.ts';
import { User } from './User.ts';
import { Workspace } from './Workspace.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Resolvers = {
  Query: { me, sessions, workspace },
  Mutation: { register, login, revokeSession, logout, logoutEverywhere, createWorkspace, addMember },
  User,
  Session,
  Workspace,
  Member,
};
