import type { Resolvers } from '../generated/resolvers.ts';
import { Member } from './Member.ts';
import { addMember } from './Mutation/addMember.ts';
import { createWorkspace } from './Mutation/createWorkspace.ts';
import { login } from './Mutation/login.ts';
import { register } from './Mutation/register.ts';
import { me } from './Query/me.ts';
import { workspace } from './Query/workspace.ts';
import { User } from './User.ts';
import { Workspace } from './Workspace.ts';

/** The resolvers of this subgraph; a file's path is its schema coordinate. */
export const resolvers: Resolvers = {
  Query: { me, workspace },
  Mutation: { register, login, createWorkspace, addMember },
  User,
  Workspace,
  Member,
};
