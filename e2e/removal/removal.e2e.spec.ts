import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { startSmtp } from '../../subgraphs/notifications/test/smtpServer.ts';
import { createTask, type Listening, type Person, register, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(120_000);

const patience = { timeoutMs: 30_000 };
const scope = createScope();

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
let redis: Redis;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
beforeAll(async () => {
  smtp = await startSmtp(scope);
  system = await startTestSystem({ env: { notifications: { SMTP_URL: smtp.url, EMAIL_SWEEP_SECONDS: '1' } } });
  team = await startTeam(system);
  redis = new Redis(system.urls.redis);
});
afterAll(async () => {
  redis?.disconnect();
  await system?.remove();
  await scope.close();
});

const addMember = (email: string, workspaceId = team.workspaceId) =>
  team.ada.ask('mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }', {
    input: { workspaceId, email },
  });
const removeMember = (userId: string) =>
  team.ada.ask('mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }', {
    input: { workspaceId: team.workspaceId, userId },
  });
const heard = (id: string) =>
  waitFor(async () => ((await redis.pubsub('CHANNELS', `live:*${id}`)) as string[]).length > 0, patience);
const mailsTo = ({ email }: Pick<Person, 'email'>) =>
  smtp.mails.filter(({ to }) => [to].flat().some((list) => list?.value.some(({ address }) => address === email)));
/** A member of the team, and a task with a comment that they have seen. */
async function newMember(name: string) {
  const person = await register(system, name);
  await addMember(person.email);
  const task = await createTask(team.ada, { projectId: team.projectId, title: 'Seen' });
  const { addComment } = await person.ask(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
    { input: { taskId: task.id, body: 'Seen' } },
  );
  return { person, task, commentId: addComment.comment.id as string };
}

describe('a new workspace', () => {
  it('takes a project, a task and a comment at once, whatever has not arrived elsewhere', async () => {
    const { mallory } = team;
    for (let round = 0; round < 5; round++) {
      const { createWorkspace } = await mallory.ask(
        'mutation { createWorkspace(input: { name: "At once" }) { workspace { id } } }',
      );
      const workspaceId = createWorkspace.workspace.id;
      const { createProject } = await mallory.ask(
        'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id workspace { name } } } }',
        { input: { workspaceId, key: 'NOW', name: 'Now' } },
      );
      expect(createProject.project.workspace).toEqual({ name: 'At once' });
      const task = await createTask(mallory, {
        projectId: createProject.project.id,
        title: 'Now',
        assigneeId: mallory.id,
      });
      const { addComment } = await mallory.ask(
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { task { title } } } }',
        { input: { taskId: task.id, body: 'Now' } },
      );
      expect(addComment.comment.task).toEqual({ title: 'Now' });
    }
  });
});

describe('whoever is removed', () => {
  it('has no access to anything of the workspace, anywhere, a second later', async () => {
    const { person, task, commentId } = await newMember('Rita');
    const { projectId, workspaceId } = team;
    const attempts: Record<string, [query: string, variables?: object]> = {
      workspace: ['query ($id: ID!) { workspace(id: $id) { id } }', { id: workspaceId }],
      project: ['query ($id: ID!) { project(id: $id) { id } }', { id: projectId }],
      task: ['query ($id: ID!) { task(id: $id) { id } }', { id: task.id }],
      comment: ['query ($id: ID!) { comment(id: $id) { id } }', { id: commentId }],
      createTask: [
        'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
        { input: { projectId, title: 'Mine' } },
      ],
      updateTask: [
        'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }',
        { input: { id: task.id, version: 1, title: 'Mine' } },
      ],
      addComment: [
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
        { input: { taskId: task.id, body: 'Mine' } },
      ],
    };
    const codes = async () =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(attempts).map(async ([name, [query, variables]]) => {
            const { errors } = await person.answer(query, variables as Record<string, unknown>);
            return [name, errors?.[0]?.extensions.code ?? 'ok'] as const;
          }),
        ),
      );
    const open = Object.fromEntries(Object.keys(attempts).map((name) => [name, 'ok']));
    const shut = Object.fromEntries(Object.keys(attempts).map((name) => [name, 'NOT_FOUND']));
    expect(await codes()).toEqual(open);
    await removeMember(person.id);
    const removed = performance.now();
    let asked = removed;
    await waitFor(async () => {
      // What counts is when it was asked, not how long a busy machine took to answer.
      asked = performance.now();
      return JSON.stringify(await codes()) === JSON.stringify(shut);
    }, patience);
    expect(asked - removed).toBeLessThan(1_000);
    const { me } = await person.ask('{ me { workspaces { nodes { id } } } }');
    expect(me.workspaces.nodes).toEqual([]);
  });

  it('is put out of every stream of the workspace within two seconds, and sent nothing that comes later', async () => {
    const { person, task } = await newMember('Remo');
    const { ada, projectId } = team;
    const streams: Listening[] = [
      person.listen('subscription ($id: ID!) { taskChanged(projectId: $id) { task { id } } }', { id: projectId }),
      person.listen('subscription ($id: ID!) { commentAdded(taskId: $id) { comment { id } } }', { id: task.id }),
    ];
    const own = person.listen('subscription { notificationReceived { notification { title } } }');
    for (const id of [projectId, task.id, person.id]) await heard(id);
    await removeMember(person.id);
    const removed = performance.now();
    const comment = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
    await waitFor(() => streams.every((stream) => stream.errors.length > 0), patience);
    expect(performance.now() - removed).toBeLessThan(2_000);
    await ada.ask(comment, { input: { taskId: task.id, body: 'Later' } });
    await createTask(ada, { projectId, title: 'Later' });
    for (const stream of streams) {
      expect(stream.errors.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
      expect(stream.events).toEqual([]);
    }
    // What is the person's own goes on: it tells of other workspaces.
    expect(own.done).toBe(false);
    await Promise.all([...streams, own].map((stream) => stream.stop()));
  });

  it('gets neither the notification nor the e-mail that were on their way', async () => {
    const { person } = await newMember('Ruth');
    const { ada, projectId } = team;
    const own = person.listen('subscription { notificationReceived { notification { title } } }');
    await heard(person.id);
    await smtp.stop();
    const told = await createTask(ada, { projectId, title: 'Told before', assigneeId: person.id });
    const deliveries = () =>
      system.sql<{ state: string; attempts: number }>(
        'notifications',
        `select state::text, attempts from email_delivery join notification n on n.id = notification_id
         where n.recipient_id = $1`,
        [person.id],
      );
    await waitFor(async () => ((await deliveries())[0]?.attempts ?? 0) > 0, patience);
    await waitFor(() => own.events.length === 1, patience);

    // One that notifications hears of only after the removal.
    await system.stopService('notifications');
    await createTask(ada, { projectId, title: 'Told later', assigneeId: person.id });
    await removeMember(person.id);
    await smtp.start();
    await system.startService('notifications');
    await waitFor(async () => (await deliveries()).every(({ state }) => state === 'SKIPPED'), patience);

    const grace = await createTask(ada, { projectId, title: 'Marker', assigneeId: team.grace.id });
    await waitFor(() => mailsTo(team.grace).some(({ subject }) => subject?.includes(grace.key)), patience);
    // But for those about the account.
    expect(mailsTo(person).filter(({ subject }) => subject?.includes('assigned'))).toEqual([]);
    const rows = await system.sql<{ title: string }>(
      'notifications',
      'select title from notification where recipient_id = $1',
      [person.id],
    );
    expect(rows.map(({ title }) => title)).toEqual([expect.stringContaining(told.key)]);
    const answer = await person.ask('{ notifications { nodes { id } } unreadNotificationCount }');
    expect(answer).toEqual({ notifications: { nodes: [] }, unreadNotificationCount: 0 });
    await own.stop();
  });
});

describe('an invitation', () => {
  it('reaches its address by e-mail, whose link brings that account in, and into every subgraph', async () => {
    const { ada, workspaceId, projectId } = team;
    const invited = await register(system, 'Ines');
    await ada.ask('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
      input: { workspaceId, email: invited.email, role: 'GUEST' },
    });
    const mail = await waitFor(() => mailsTo(invited).find(({ text }) => text?.includes('invitation#')), patience);
    const token = /invitation#([\w-]+)/.exec(mail.text ?? '')?.[1];
    const accept = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
      workspace { name viewerRole }
    } }`;
    const { errors } = await team.mallory.answer(accept, { input: { token } });
    expect(errors?.[0]?.extensions.code).toBe('INVITATION_FOR_ANOTHER');
    const { acceptInvitation } = await invited.ask(accept, { input: { token } });
    expect(acceptInvitation.workspace).toEqual({ name: 'Engines', viewerRole: 'GUEST' });
    const { project } = await invited.ask('query ($id: ID!) { project(id: $id) { name viewerCanCreateTasks } }', {
      id: projectId,
    });
    expect(project).toEqual({ name: 'Website', viewerCanCreateTasks: false });
  });
});
