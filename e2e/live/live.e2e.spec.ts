import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createClient, TaskChangedDocument } from '../../sdk/src/index.ts';
import { createTask, type Listening, type Person, register, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(120_000);

const patience = { timeoutMs: 30_000 };

/** Three subgraphs beside the one that the event comes from. */
const taskChanged = `subscription ($projectId: ID!, $after: String) {
  taskChanged(projectId: $projectId, after: $after) {
    cursor kind changedFields
    actor { name }
    task { id title assignee { name } comments(first: 5) { nodes { body author { name } } } }
  }
}`;
const commentAdded = `subscription ($taskId: ID!) {
  commentAdded(taskId: $taskId) {
    comment { body author { name } }
    task { title project { key } assignee { name } }
  }
}`;

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
let redis: Redis;
beforeAll(async () => {
  // For as long the gateway waits for a subgraph that is started again: on a busy machine that takes a while.
  system = await startTestSystem({ env: { gateway: { SUBGRAPH_TIMEOUT_MS: '30000', REQUEST_TIMEOUT_MS: '60000' } } });
  team = await startTeam(system);
  redis = new Redis(system.urls.redis);
});
afterAll(async () => {
  redis?.disconnect();
  await system?.remove();
});

/** Waits until a subscription to a project or a task stands: what happened before that, it may rightly miss. */
const heard = (id: string) =>
  waitFor(async () => ((await redis.pubsub('CHANNELS', `live:*${id}`)) as string[]).length > 0, patience);

const count = (listening: Listening, expected: number) =>
  waitFor(() => listening.events.length === expected || Promise.reject(new Error(JSON.stringify(listening))), patience);

const changes = (listening: Listening) => listening.events.map((event) => event.taskChanged);

/** A project of its own. */
async function newProject(key: string): Promise<string> {
  const { createProject } = await team.ada.ask(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    { input: { workspaceId: team.workspaceId, key, name: key } },
  );
  return createProject.project.id;
}

const comment = (person: Person, taskId: string, body: string) =>
  person.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }', {
    input: { taskId, body },
  });

/** The tasks whose changes the feed of a project has, in its order: counted where it lies. */
const feedOf = async (projectId: string) =>
  (
    await system.sql<{ task_id: string }>(
      'notifications',
      `select task_id from activity where subject = 'PROJECT' and subject_id = $1 order by sequence`,
      [projectId],
    )
  ).map((row) => row.task_id);

describe('an event', () => {
  it('reaches into tasks, users and comments, for each who follows', async () => {
    const { ada, grace } = team;
    const projectId = await newProject('REACH');
    const followers = [ada.listen(taskChanged, { projectId }), grace.listen(taskChanged, { projectId })];
    await heard(projectId);
    const task = await createTask(ada, { projectId, title: 'Fix the header', assigneeId: grace.id });
    for (const follower of followers) await count(follower, 1);

    const comments = grace.listen(commentAdded, { taskId: task.id });
    await heard(task.id);
    await comment(ada, task.id, 'On it?');
    await count(comments, 1);
    expect(comments.events).toEqual([
      {
        commentAdded: {
          comment: { body: 'On it?', author: { name: 'Ada' } },
          task: { title: 'Fix the header', project: { key: 'REACH' }, assignee: { name: 'Grace' } },
        },
      },
    ]);

    await grace.ask('mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }', {
      input: { id: task.id, version: 1, title: 'Fix the footer' },
    });
    for (const follower of followers) {
      await count(follower, 2);
      expect(follower.errors).toEqual([]);
      const common = { cursor: expect.any(String), task: { id: task.id, assignee: { name: 'Grace' } } };
      expect(changes(follower)).toMatchObject([
        { ...common, kind: 'CREATED', changedFields: [], actor: { name: 'Ada' } },
        { ...common, kind: 'UPDATED', changedFields: ['title'], actor: { name: 'Grace' } },
      ]);
      expect(changes(follower)[1].task).toMatchObject({
        title: 'Fix the footer',
        comments: { nodes: [{ body: 'On it?', author: { name: 'Ada' } }] },
      });
      await follower.stop();
    }
    await comments.stop();
  });
});

describe('a follower who is removed from the workspace', () => {
  it('is sent nothing more and put out with NOT_FOUND; the other one goes on', async () => {
    const { ada, workspaceId } = team;
    const linus = await register(system, 'Linus');
    await ada.ask('mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }', {
      input: { workspaceId, email: linus.email },
    });
    const projectId = await newProject('GONE');
    const stays = ada.listen(taskChanged, { projectId });
    await heard(projectId);
    const first = await createTask(ada, { projectId, title: 'Seen by both' });
    await count(stays, 1);
    // From the beginning, so that what has come says that the subscription stands.
    const beginning = Buffer.from(JSON.stringify([`activity PROJECT ${projectId}`, '0'])).toString('base64url');
    const goes = linus.listen(taskChanged, { projectId, after: beginning });
    await count(goes, 1);

    await ada.ask('mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { userId } }', {
      input: { workspaceId, userId: linus.id },
    });
    await waitFor(() => goes.done || goes.errors.length > 0, patience);
    expect(goes.errors.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
    const second = await createTask(ada, { projectId, title: 'Seen by one' });
    await count(stays, 2);
    expect(changes(stays).map(({ task }) => task.id)).toEqual([first.id, second.id]);
    expect(changes(goes).map(({ task }) => task.id)).toEqual([first.id]);

    const again = linus.listen(taskChanged, { projectId, after: changes(goes)[0].cursor });
    await waitFor(() => again.errors.length > 0, patience);
    expect(again.errors.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
    expect(again.events).toEqual([]);
    await Promise.all([stays.stop(), goes.stop(), again.stop()]);
  });

  it('as somebody who never was a member is refused, for a project that is there as for one that isn’t', async () => {
    const projectId = await newProject('HIDDEN');
    for (const id of [projectId, team.mallory.id]) {
      const refused = team.mallory.listen(taskChanged, { projectId: id });
      await waitFor(() => refused.errors.length > 0, patience);
      expect(refused.errors.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
      await refused.stop();
    }
  });
});

describe('when the notifications subgraph is killed and started again', () => {
  it('its followers get every event once and in order, and hear nothing of it', async () => {
    const { ada, grace } = team;
    const projectId = await newProject('KILL');
    const follower = ada.listen(taskChanged, { projectId });
    const client = createClient({ url: system.urls.graphql, token: grace.token, webSocket: WebSocket });
    const events = client.subscribe(TaskChangedDocument, { projectId });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { taskChanged } of events) seen.push(taskChanged.task?.id ?? 'no task');
    })();
    await heard(projectId);
    await createTask(ada, { projectId, title: 'Before' });
    await count(follower, 1);
    await waitFor(() => seen.length === 1, patience);

    for (let kill = 0; kill < 2; kill++) {
      for (let task = 0; task < 4; task++) await createTask(ada, { projectId, title: `Before ${kill} ${task}` });
      // Amidst them: some are not consumed yet, others not delivered.
      const killing = system.killService('notifications');
      for (let task = 0; task < 4; task++) await createTask(ada, { projectId, title: `Down ${kill} ${task}` });
      await killing;
      await system.startService('notifications');
    }
    const tasks = 1 + 2 * 8;
    const arrived = () => [follower.events.length, seen.length];
    await waitFor(
      () =>
        arrived().every((number) => number >= tasks) ||
        Promise.reject(new Error(`${arrived()} ${JSON.stringify(follower.errors)} ${follower.done}`)),
      patience,
    );
    const feed = await feedOf(projectId);
    expect(new Set(feed).size).toBe(tasks);
    expect(changes(follower).map(({ task }) => task.id)).toEqual(feed);
    expect(seen).toEqual(feed);
    expect([follower.errors, follower.done]).toEqual([[], false]);
    await events.return?.();
    await reading;
    await Promise.all([follower.stop(), client.close()]);
  });
});
