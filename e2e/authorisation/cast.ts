import path from 'node:path';
import { z } from 'zod';
import { callKeysOf, loadSecrets } from '#dev/secrets.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, type Person, register } from '../person.ts';
import type { TestSystem } from '../testSystem.ts';
import type { Actor } from './table.ts';

/** What somebody is in the workspaces of a scenario; null: nothing. */
const roles: Record<Actor, string | null> = {
  anonymous: null,
  stranger: null,
  removed: null,
  // As long as the account is in use.
  suspended: 'ADMIN',
  guest: 'GUEST',
  member: 'MEMBER',
  admin: 'ADMIN',
  owner: 'OWNER',
  elsewhere: null,
  readToken: 'OWNER',
};

const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';
const suspendUser = 'mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { account { suspended } } }';
const removeMember = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }';
const createWorkspace =
  'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }';
const createProject = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const addComment = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
const invite = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
const link =
  'mutation ($input: CreateInvitationLinkInput!) { createInvitationLink(input: $input) { invitation { id token } } }';

/** The actors, and the things that they are after: a workspace of the founder's with everything in it. */
export type Cast = Awaited<ReturnType<typeof startCast>>;

/** Registers everybody and makes what they are after. */
export async function startCast(system: TestSystem) {
  const names = [
    'founder',
    'spare',
    'stranger',
    'removed',
    'suspended',
    'root',
    'guest',
    'member',
    'admin',
    'owner',
    'elsewhere',
    'readToken',
  ] as const;
  const people = {} as Record<(typeof names)[number], Person>;
  for (const name of names) people[name] = await register(system, name);
  const { founder, spare } = people;
  const made = await people.readToken.ask(
    'mutation { createPersonalToken(input: { name: "Reads", scope: READ }) { token } }',
  );
  const reader: Person = { ...people.readToken, token: made.createPersonalToken.token };
  const personOf = (actor: Actor): Person | null => {
    if (actor === 'anonymous') return null;
    return actor === 'readToken' ? reader : people[actor];
  };

  /** A workspace of the founder's, with the spare as a member and the actor as what they are. */
  async function newTeam(actors: readonly Actor[]): Promise<string> {
    const made = await founder.ask(createWorkspace, { input: { name: 'Team' } });
    const workspaceId: string = made.createWorkspace.workspace.id;
    await founder.ask(addMember, { input: { workspaceId, email: spare.email } });
    for (const actor of actors) {
      const person = personOf(actor);
      if (!person || (roles[actor] === null && actor !== 'removed')) continue;
      await founder.ask(addMember, { input: { workspaceId, email: person.email, role: roles[actor] ?? 'ADMIN' } });
      if (actor === 'removed') await founder.ask(removeMember, { input: { workspaceId, userId: person.id } });
    }
    return workspaceId;
  }

  const workspaceId = await newTeam(Object.keys(roles) as Actor[]);
  await people.elsewhere.ask(createWorkspace, { input: { name: 'Elsewhere' } });
  const project = await founder.ask(createProject, { input: { workspaceId, key: 'AUTH', name: 'Authorisation' } });
  const projectId: string = project.createProject.project.id;
  const [start, due] = [{ date: '2026-11-20' }, { date: '2026-11-21' }];
  const task = await createTask(founder, { projectId, title: 'Secret', assigneeId: people.member.id, start, due });
  const comment = await founder.ask(addComment, { input: { taskId: task.id, body: 'Secret' } });
  const notificationId: string = await waitFor(
    async () => (await people.member.ask('{ notifications { nodes { id } } }')).notifications.nodes[0]?.id,
    { timeoutMs: 30_000 },
  );
  await system.sql('users', `update "user" set role = 'ADMIN' where id = $1`, [people.root.id]);
  await people.root.ask(suspendUser, { input: { userId: people.suspended.id } });

  const secrets = loadSecrets(path.join(system.dataDir, 'secrets.json'));
  const callKeys = (service: string) => parseCallKeys(callKeysOf(secrets, service), false);

  return {
    system,
    people,
    personOf,
    newTeam,
    workspaceId,
    projectId,
    taskId: task.id,
    commentId: comment.addComment.comment.id as string,
    notificationId,
    /** The keys of the gateway, to call subgraphs as it does. */
    gatewayKeys: callKeys('gateway'),
    newTask: async () => (await createTask(founder, { projectId, title: 'Another' })).id,
    /** A link into a workspace. */
    async newLink(to: string): Promise<string> {
      const made = await founder.ask(link, { input: { workspaceId: to, maxUses: 5 } });
      return made.createInvitationLink.invitation.token;
    },
    /** An invitation by e-mail to nobody of the cast. */
    async newInvitation(): Promise<string> {
      const made = await founder.ask(invite, { input: { workspaceId, email: `${newId()}@example.com` } });
      return made.inviteMember.invitation.id;
    },
    /** The token in the e-mail of an invitation, as notifications is told it. */
    async tokenOf(invitationId: string): Promise<string> {
      const url = system.urls.services.users;
      const users = createGuardedClient({
        url,
        caller: 'notifications',
        callee: 'users',
        keys: callKeys('notifications'),
      });
      const schema = z.object({ letter: z.object({ link: z.object({ path: z.string() }) }) });
      const question = { kind: 'INVITATION', subjectId: invitationId, issue: 1 };
      const { letter } = await users.call('/internal/letter', question, schema);
      await users.close();
      return letter.link.path.split('#')[1] as string;
    },
  };
}
