import { newId } from '#platform/ids.ts';
import { ask, type Person, password } from '../person.ts';
import type { Cast } from './cast.ts';
import type { Actor } from './table.ts';

/** What an actor sends. `token`: another one than the actor's own. */
export type Attempt = { query: string; variables?: Record<string, unknown>; token?: string };

/** How a root field is tried, by its coordinate. What a cell may change is made for it alone. */
type Try = (cast: Cast, actor: Actor) => Attempt | Promise<Attempt>;

const mutate = (name: string, input: Record<string, unknown>, selection = '__typename'): Attempt => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  return { query: `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`, variables: { input } };
};
const byId = (field: string, id: string): Attempt => ({
  query: `query ($id: ID!) { ${field}(id: $id) { id } }`,
  variables: { id },
});
/** Another session of the person, for what ends one; the founder's for nobody. */
async function newSession({ system, people }: Cast, person: Person | null) {
  const { email } = person ?? people.founder;
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken session { id } } }';
  const { data } = await ask(system, login, { input: { email, password } });
  return data.login as { accessToken: string; session: { id: string } };
}
const whoLogsIn = (cast: Cast, actor: Actor) => (actor === 'suspended' ? null : cast.personOf(actor));
const beginning = (ordering: string) => Buffer.from(JSON.stringify([ordering, '0'])).toString('base64url');

export const operations: Record<string, Try> = {
  'Query.me': () => ({ query: '{ me { id } }' }),
  'Query.sessions': () => ({ query: '{ sessions { nodes { id } } }' }),
  'Query.personalTokens': () => ({ query: '{ personalTokens { nodes { id } } }' }),
  'Query.loginProviders': () => ({ query: '{ loginProviders { name } }' }),
  'Query.identities': () => ({ query: '{ identities { nodes { id } } }' }),
  'Query.accounts': () => ({ query: '{ accounts { nodes { __typename } } }' }),
  'Query.workspace': ({ workspaceId }) => byId('workspace', workspaceId),
  'Query.invitation': async ({ newLink, workspaceId }) => ({
    query: 'query ($token: String!) { invitation(token: $token) { workspaceName } }',
    variables: { token: await newLink(workspaceId) },
  }),
  'Query.project': ({ projectId }) => byId('project', projectId),
  'Query.task': ({ taskId }) => byId('task', taskId),
  'Query.tasks': ({ workspaceId }) => ({
    query: 'query ($id: ID!) { tasks(workspaceId: $id) { totalCount nodes { id } } }',
    variables: { id: workspaceId },
  }),
  'Query.comment': ({ commentId }) => byId('comment', commentId),
  'Query.notifications': () => ({ query: '{ notifications { nodes { id } } }' }),
  'Query.unreadNotificationCount': () => ({ query: '{ unreadNotificationCount }' }),

  'Mutation.register': () => mutate('register', { email: `${newId()}@example.com`, password, name: 'New' }),
  'Mutation.login': ({ people }) => mutate('login', { email: people.spare.email, password }),
  'Mutation.changePassword': () =>
    mutate('changePassword', { currentPassword: 'not it at all', newPassword: password }),
  // The answer is the same whether anybody has the address.
  'Mutation.requestPasswordReset': () => mutate('requestPasswordReset', { email: `${newId()}@example.com` }),
  'Mutation.resetPassword': () => mutate('resetPassword', { token: 'none', password }),
  'Mutation.requestEmailVerification': () => ({ query: 'mutation { requestEmailVerification { email } }' }),
  'Mutation.verifyEmail': () => mutate('verifyEmail', { token: 'none' }),
  'Mutation.updateProfile': () => mutate('updateProfile', { locale: 'en' }),
  'Mutation.createDownloadLink': () => ({ query: 'mutation { createDownloadLink { path } }' }),
  // A password that is wrong: the account is needed.
  'Mutation.deleteAccount': () => mutate('deleteAccount', { password: 'not it at all' }, 'userId'),
  'Mutation.createPersonalToken': () => mutate('createPersonalToken', { name: 'Mine', scope: 'READ' }),
  'Mutation.unlinkIdentity': () => mutate('unlinkIdentity', { id: newId() }),
  'Mutation.revokePersonalToken': () => mutate('revokePersonalToken', { id: newId() }),
  'Mutation.suspendUser': ({ people }) => mutate('suspendUser', { userId: people.spare.id }),
  'Mutation.restoreUser': ({ people }) => mutate('restoreUser', { userId: people.spare.id }),
  'Mutation.revokeSession': async (cast, actor) =>
    mutate('revokeSession', { id: (await newSession(cast, whoLogsIn(cast, actor))).session.id }),
  'Mutation.logout': async (cast, actor) => {
    const person = whoLogsIn(cast, actor);
    return {
      query: 'mutation { logout { sessionId } }',
      ...(person && actor !== 'readToken' && { token: (await newSession(cast, person)).accessToken }),
    };
  },
  'Mutation.logoutEverywhere': () => ({ query: 'mutation { logoutEverywhere { sessionIds } }' }),
  'Mutation.createWorkspace': () => mutate('createWorkspace', { name: 'Mine' }),
  'Mutation.renameWorkspace': ({ workspaceId }) => mutate('renameWorkspace', { id: workspaceId, name: 'Renamed' }),
  'Mutation.archiveWorkspace': async ({ newTeam }, actor) => mutate('archiveWorkspace', { id: await newTeam([actor]) }),
  'Mutation.restoreWorkspace': ({ workspaceId }) => mutate('restoreWorkspace', { id: workspaceId }),
  'Mutation.addMember': ({ workspaceId, people }) => mutate('addMember', { workspaceId, email: people.spare.email }),
  'Mutation.changeMemberRole': ({ workspaceId, people }) =>
    mutate('changeMemberRole', { workspaceId, userId: people.spare.id, role: 'MEMBER' }),
  'Mutation.removeMember': async ({ newTeam, people }, actor) =>
    mutate('removeMember', { workspaceId: await newTeam([actor]), userId: people.spare.id }),
  'Mutation.leaveWorkspace': async ({ newTeam }, actor) =>
    mutate('leaveWorkspace', { workspaceId: await newTeam([actor]) }),
  'Mutation.transferOwnership': async ({ newTeam, people }, actor) =>
    mutate('transferOwnership', { workspaceId: await newTeam([actor]), userId: people.spare.id }),
  'Mutation.inviteMember': ({ workspaceId }) =>
    mutate('inviteMember', { workspaceId, email: `${newId()}@example.com` }),
  'Mutation.createInvitationLink': ({ workspaceId }) => mutate('createInvitationLink', { workspaceId, maxUses: 1 }),
  'Mutation.resendInvitation': async ({ newInvitation }) => mutate('resendInvitation', { id: await newInvitation() }),
  'Mutation.revokeInvitation': async ({ newInvitation }) => mutate('revokeInvitation', { id: await newInvitation() }),
  'Mutation.acceptInvitation': async ({ newTeam, newLink }, actor) =>
    mutate('acceptInvitation', { token: await newLink(await newTeam([actor])) }),
  'Mutation.declineInvitation': async ({ newInvitation, tokenOf }) =>
    mutate('declineInvitation', { token: await tokenOf(await newInvitation()) }),

  'Mutation.createProject': ({ workspaceId }) =>
    mutate('createProject', {
      workspaceId,
      key: `P${newId()
        .replace(/[^0-9]/g, '')
        .slice(-8)}`,
      name: 'Mine',
    }),
  'Mutation.createTask': ({ projectId }) => mutate('createTask', { projectId, title: 'Mine' }),
  'Mutation.updateTask': async ({ newTask }) =>
    mutate('updateTask', { id: await newTask(), version: 1, title: 'Mine' }),
  'Mutation.addComment': ({ taskId }) => mutate('addComment', { taskId, body: 'Mine' }),
  'Mutation.markNotificationRead': ({ notificationId }) => mutate('markNotificationRead', { id: notificationId }),

  'Subscription.taskChanged': ({ projectId }) => ({
    query: 'subscription ($id: ID!, $after: String) { taskChanged(projectId: $id, after: $after) { cursor } }',
    variables: { id: projectId, after: beginning(`activity PROJECT ${projectId}`) },
  }),
  'Subscription.commentAdded': ({ taskId }) => ({
    query: 'subscription ($id: ID!, $after: String) { commentAdded(taskId: $id, after: $after) { cursor } }',
    variables: { id: taskId, after: beginning(`activity TASK ${taskId}`) },
  }),
  'Subscription.notificationReceived': () => ({
    query: 'subscription { notificationReceived { cursor } }',
  }),
};
