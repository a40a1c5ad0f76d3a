import { createHmac, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import jsonwebtoken from 'jsonwebtoken';
import { type SubgraphName, subgraphs } from '#dev/subgraphs.ts';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { type Answer, ask, createTask, listen, password, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
let taskId: string;
let before: string;
beforeAll(async () => {
  system = await startTestSystem();
  team = await startTeam(system);
  taskId = (await createTask(team.ada, { projectId: team.projectId, title: 'The only task' })).id;
});
beforeEach(async () => {
  before = await everything();
});
afterAll(() => system?.remove());

/** What the system has written: all rows and events of every subgraph that a client's request could add to or change. */
async function everything(): Promise<string> {
  const tables: Partial<Record<SubgraphName, string[]>> = {
    users: ['"user"', 'workspace', 'membership'],
    tasks: ['project', 'task'],
    comments: ['comment'],
    notifications: ['notification'],
  };
  const contents = await Promise.all(
    subgraphs.flatMap((name) =>
      [...(tables[name] ?? []), 'backbone.event', 'backbone.client_id'].map(async (table) => {
        const hash = `md5(string_agg(t::text, E'\\n' order by t::text))`;
        const [row] = await system.sql<{ hash: string | null }>(name, `select ${hash} as hash from ${table} t`);
        return `${name}.${table}: ${row?.hash}`;
      }),
    ),
  );
  return contents.join('\n');
}

async function expectRefusal(answer: Answer, code: string, field?: string): Promise<void> {
  expect(answer.errors?.map((error) => error.extensions.code)).toEqual([code]);
  if (field) {
    const fields = answer.errors?.[0]?.extensions.fields as { path: string[] }[];
    expect(fields.map(({ path }) => path.join('.'))).toContain(field);
  }
  expect(JSON.stringify(answer)).not.toMatch(/stack|node_modules|\.ts:/);
  expect(await everything()).toBe(before);
}

const create = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
const as = (token: string) => ({ authorization: `Bearer ${token}` });

it('what is compared shows an edit in place', async () => {
  await system.sql('tasks', "update task set title = 'Quietly changed' where id = $1", [taskId]);
  expect(await everything()).not.toBe(before);
  await system.sql('tasks', "update task set title = 'The only task' where id = $1", [taskId]);
  expect(await everything()).toBe(before);
});

describe('tokens', () => {
  const forged = (
    key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    { seconds = 600, issuer = 'taskgraph', audience = 'taskgraph' } = {},
  ) => {
    return jsonwebtoken.sign({ sid: newId() }, key, {
      algorithm: 'ES256',
      subject: team.ada.id,
      issuer,
      audience,
      expiresIn: seconds,
      keyid: (jsonwebtoken.decode(team.ada.token, { complete: true }) as { header: { kid: string } }).header.kid,
    });
  };
  const unsigned = () => {
    const [, payload] = team.ada.token.split('.');
    return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
  };
  const symmetric = async () => {
    const jwks = await (await fetch(new URL('/.well-known/jwks.json', system.urls.graphql))).text();
    const [, payload] = team.ada.token.split('.');
    const head = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${payload}`;
    return `${head}.${createHmac('sha256', jwks).update(head).digest('base64url')}`;
  };
  const tampered = () => `${team.ada.token.slice(0, -6)}AAAAAA`;

  it.each([
    ['malformed', () => 'abc'],
    ['tampered with', tampered],
    ['signed with another key', () => forged()],
    ['expired', () => forged(createPrivateKey(system.accessTokenKey), { seconds: -1 })],
    ['from another issuer', () => forged(createPrivateKey(system.accessTokenKey), { issuer: 'others' })],
    ['meant for others', () => forged(createPrivateKey(system.accessTokenKey), { audience: 'others' })],
    ['unsigned (alg none)', unsigned],
    ['signed with the public key as a secret', symmetric],
  ])('one that is %s is UNAUTHENTICATED', async (_name, token) => {
    const input = { projectId: team.projectId, title: 'No' };
    await expectRefusal(await ask(system, create, { input }, as(await token())), 'UNAUTHENTICATED');
  });

  it('one made as these are, but good, is taken', async () => {
    const good = forged(createPrivateKey(system.accessTokenKey));
    expect((await ask(system, '{ me { id } }', {}, as(good))).data).toEqual({ me: { id: team.ada.id } });
  });

  it('none at all is UNAUTHENTICATED, over HTTP and over a socket', async () => {
    await expectRefusal(
      await ask(system, create, { input: { projectId: team.projectId, title: 'No' } }),
      'UNAUTHENTICATED',
    );
    const anonymous = listen(system, {}, 'subscription { notificationReceived { cursor } }');
    await waitFor(() => anonymous.done);
    expect(anonymous.errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    await anonymous.stop();
  });

  it('a wrong password and an unknown address are the same INVALID_CREDENTIALS', async () => {
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
    const wrong = await ask(system, login, { input: { email: team.ada.email, password: 'not her password' } });
    const unknown = await ask(system, login, { input: { email: 'nobody@example.com', password } });
    await expectRefusal(wrong, 'INVALID_CREDENTIALS');
    await expectRefusal(unknown, 'INVALID_CREDENTIALS');
    expect(wrong.errors?.[0]?.message).toBe(unknown.errors?.[0]?.message);
  });
});

describe('things that are not there, or not for you', () => {
  it.each([
    ['task', 'query ($id: ID!) { task(id: $id) { title } }', () => taskId],
    ['project', 'query ($id: ID!) { project(id: $id) { name } }', () => team.projectId],
    ['workspace', 'query ($id: ID!) { workspace(id: $id) { name } }', () => team.workspaceId],
  ])('an unknown %s and one of another workspace are the same NOT_FOUND', async (_name, query, id) => {
    const unknown = await team.ada.answer(query, { id: newId() });
    const foreign = await team.mallory.answer(query, { id: id() });
    await expectRefusal(unknown, 'NOT_FOUND');
    await expectRefusal(foreign, 'NOT_FOUND');
    expect(foreign.errors?.[0]?.message).toBe(unknown.errors?.[0]?.message);
  });

  it.each([
    ['a task', create, () => ({ projectId: team.projectId, title: 'Mine now' })],
    [
      'a project',
      'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
      () => ({ workspaceId: team.workspaceId, key: 'BAD', name: 'Mine now' }),
    ],
    [
      'a comment',
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
      () => ({ taskId, body: 'Mine now' }),
    ],
    [
      'an edit',
      'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }',
      () => ({ id: taskId, version: 1, title: 'Mine now' }),
    ],
    [
      'a member',
      'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }',
      () => ({ workspaceId: team.workspaceId, email: team.mallory.email }),
    ],
  ])('%s in a workspace of others is NOT_FOUND', async (_name, mutation, input) => {
    await expectRefusal(await team.mallory.answer(mutation, { input: input() }), 'NOT_FOUND');
  });

  it('an assignee who is no member is refused, by field', async () => {
    const input = { projectId: team.projectId, title: 'For a stranger', assigneeId: team.mallory.id };
    await expectRefusal(await team.ada.answer(create, { input }), 'BAD_USER_INPUT', 'input.assigneeId');
  });
});

describe('values', () => {
  it.each([
    ['an empty title', { title: '' }, 'input.title'],
    ['a title of blanks', { title: '   ' }, 'input.title'],
    ['a title of 501 characters', { title: 'x'.repeat(501) }, 'input.title'],
    ['an id that is none', { projectId: 'seven' }, 'input.projectId'],
    ['a client id that is no UUIDv7', { id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8' }, 'input.id'],
    ['an unknown status', { status: 'SOMEDAY' }, 'input.status'],
    ['a field that is not there', { colour: 'red' }, 'input'],
  ])('%s is BAD_USER_INPUT, by field', async (_name, change, field) => {
    const input = { projectId: team.projectId, title: 'Fine', ...change };
    await expectRefusal(await team.ada.answer(create, { input }), 'BAD_USER_INPUT', field);
  });

  it('a page of 101, of none, and a cursor from elsewhere are BAD_USER_INPUT', async () => {
    const query =
      'query ($first: Int, $after: String) { notifications(first: $first, after: $after) { nodes { id } } }';
    for (const variables of [{ first: 101 }, { first: 0 }, { after: 'nonsense' }]) {
      await expectRefusal(await team.ada.answer(query, variables), 'BAD_USER_INPUT');
    }
  });

  it('a title of 2 MB is PAYLOAD_TOO_LARGE', async () => {
    const input = { projectId: team.projectId, title: 'x'.repeat(2 * 1024 * 1024) };
    const answer = await team.ada.answer(create, { input });
    expect(answer.status).toBe(413);
    await expectRefusal(answer, 'PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['no JSON', 'createTask please'],
    ['JSON that is no request', '[1, 2]'],
    ['nothing', ''],
  ])('a body of %s is BAD_REQUEST', async (_name, body) => {
    const headers = { 'content-type': 'application/json', ...as(team.ada.token) };
    const response = await fetch(system.urls.graphql, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    await expectRefusal({ status: 400, ...((await response.json()) as object) } as Answer, 'BAD_REQUEST');
  });
});

describe('subscriptions', () => {
  it('over plain HTTP are SUBSCRIPTION_UNSUPPORTED, and say what to do', async () => {
    const answer = await team.grace.answer('subscription { notificationReceived { notification { id } } }');
    expect(answer.status).toBe(400);
    await expectRefusal(answer, 'SUBSCRIPTION_UNSUPPORTED');
    expect(answer.errors?.[0]?.message).toContain('WebSocket');
  });
});
