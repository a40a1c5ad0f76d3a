import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { callSubgraph, queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture } from './fixture.ts';

const scope = testScope();
const [owner, guest, stranger] = [person(), person(), person()] as const;
let tasks: Fixture;
let workspaceId: string;
let projectId: string;
let taskIds: string[];
let foreignTask: string;

beforeAll(async () => {
  tasks = await startFixture(scope);
  workspaceId = await tasks.members(newId(), { [owner.userId]: 'OWNER', [guest.userId]: 'GUEST' });
  projectId = await tasks.project(owner, workspaceId);
  taskIds = [];
  for (let n = 1; n <= 5; n++) taskIds.push(await tasks.task(owner, projectId, { title: `Task ${n}` }));
  for (const key of ['API', 'APP']) await tasks.task(owner, await tasks.project(owner, workspaceId, key));
  const elsewhere = await tasks.members(newId(), { [stranger.userId]: 'OWNER' });
  foreignTask = await tasks.task(stranger, await tasks.project(stranger, elsewhere));
});

describe('task and project', () => {
  const query = (field: string) => `query ($id: ID!) { ${field}(id: $id) { id } }`;

  it('are there for every member', async () => {
    expect((await tasks.call(guest, query('task'), { id: taskIds[0] })).data).toEqual({ task: { id: taskIds[0] } });
    const { data } = await tasks.call(guest, query('project'), { id: projectId.toUpperCase() });
    expect(data).toEqual({ project: { id: projectId } });
  });

  it('tell what the viewer can do', async () => {
    const fields = 'viewerCanUpdate project { viewerCanCreateTasks workspace { viewerCanCreateProjects } }';
    const all = (may: boolean) => ({
      viewerCanUpdate: may,
      project: { viewerCanCreateTasks: may, workspace: { viewerCanCreateProjects: may } },
    });
    for (const [viewer, may] of [
      [owner, true],
      [guest, false],
    ] as const) {
      const { data } = await tasks.call(viewer, `query ($id: ID!) { task(id: $id) { ${fields} } }`, { id: taskIds[0] });
      expect(data.task).toEqual(all(may));
    }
  });

  it.each(['task', 'project'])(
    'are NOT_FOUND for strangers as for what does not exist, and null: %s',
    async (field) => {
      const id = field === 'task' ? taskIds[0] : projectId;
      const [foreign, unknown] = await Promise.all([
        tasks.call(stranger, query(field), { id }),
        tasks.call(stranger, query(field), { id: newId() }),
      ]);
      expect(foreign).toEqual(unknown);
      expect(foreign.data).toEqual({ [field]: null });
      expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    },
  );

  it.each(['task', 'project'])('are refused to nobody, and to what is no id: %s', async (field) => {
    const nobody = await tasks.call(null, query(field), { id: newId() });
    expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const { errors } = await tasks.call(owner, query(field), { id: "' or 1=1" });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['id'] }] });
  });
});

describe('lists', () => {
  const tasksOf = `query ($id: ID!, $first: Int, $after: String) { project(id: $id) { tasks(first: $first, after: $after) {
    nodes { title } edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } } }`;

  it('page through the tasks of a project, the newest first, each once, while new ones come', async () => {
    const id = await tasks.project(owner, workspaceId, 'PAGES');
    for (let n = 1; n <= 5; n++) await tasks.task(owner, id, { title: `Task ${n}` });
    const first = await tasks.call(owner, tasksOf, { id, first: 2 });
    const { edges, pageInfo } = first.data.project.tasks;
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0].cursor,
      endCursor: edges[1].cursor,
    });
    await tasks.task(owner, id, { title: 'New' });
    const second = await tasks.call(owner, tasksOf, { id, first: 2, after: pageInfo.endCursor });
    const third = await tasks.call(owner, tasksOf, {
      id,
      first: 2,
      after: second.data.project.tasks.pageInfo.endCursor,
    });
    const titles = [first, second, third].flatMap(({ data }) =>
      data.project.tasks.nodes.map(({ title }: { title: string }) => title),
    );
    expect(titles).toEqual(['Task 5', 'Task 4', 'Task 3', 'Task 2', 'Task 1']);
    expect(third.data.project.tasks.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['first: 0', { first: 0 }, 'first'],
    ['first: 101', { first: 101 }, 'first'],
    ['a cursor that is none', { after: 'x' }, 'after'],
    [
      'a cursor of another list',
      { after: Buffer.from('["projects +createdAt +id","a","b"]').toString('base64url') },
      'after',
    ],
    ['a forged cursor', { after: Buffer.from('["tasks -number","1 or true"]').toString('base64url') }, 'after'],
    [
      'a cursor beyond any number',
      { after: Buffer.from('["tasks -number","99999999999"]').toString('base64url') },
      'after',
    ],
  ])('refuse %s', async (_name, variables, field) => {
    const { errors } = await tasks.call(owner, tasksOf, { id: projectId, ...variables });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: [field] }] });
  });

  it('ask Postgres once per level, however many there are', async () => {
    const board = `query ($id: ID!) { _entities(representations: [{ __typename: "Workspace", id: $id }]) { ... on Workspace {
      projects { nodes { key viewerCanCreateTasks tasks(first: 3) { nodes {
        key title viewerCanUpdate assignee { id } project { name }
      } } } }
    } } }`;
    const { result, queries } = await queriesOf(() => tasks.call(owner, board, { id: workspaceId }));
    expect(result.errors).toBeUndefined();
    const { nodes } = result.data._entities[0].projects;
    expect(nodes.map(({ key }: { key: string }) => key)).toEqual(['WEB', 'API', 'APP', 'PAGES']);
    expect(nodes[0].tasks.nodes.map(({ key }: { key: string }) => key)).toEqual(['WEB-5', 'WEB-4', 'WEB-3']);
    // The viewer's membership, the workspace's projects, whether it is archived, their tasks.
    expect(queries).toHaveLength(4);
  });

  it('ask Postgres once for all entities of a type, their projects and their workspaces', async () => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Task { key viewerCanUpdate project { key } }
    } }`;
    const representations = [...taskIds, foreignTask].map((id) => ({ __typename: 'Task', id }));
    const { result, queries } = await queriesOf(() => tasks.call(owner, query, { representations }));
    expect(result.data._entities.map((task: { key: string } | null) => task?.key)).toEqual([
      ...['WEB-1', 'WEB-2', 'WEB-3', 'WEB-4', 'WEB-5'],
      undefined,
    ]);
    // The tasks, the viewer's memberships, the projects, whether workspaces are archived; and what users answered about the stranger's task is kept.
    const tables = queries.map((sql) => /(?:from|into) "?(\w+)/.exec(sql)?.[1]);
    expect(tables.sort()).toEqual(['membership', 'membership', 'project', 'task', 'workspace']);
  });
});

describe('entities', () => {
  const resolve = (viewer: Person, representations: { __typename: string; id: string }[]) =>
    tasks.call(
      viewer,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Task { id title } ... on Project { id key } ... on Workspace { id projects(first: 1) { nodes { key } } }
      } }`,
      { representations },
    );

  it('are null, each by itself, where the viewer may not see them', async () => {
    const representations = [
      { __typename: 'Task', id: taskIds[0] as string },
      { __typename: 'Task', id: foreignTask },
      { __typename: 'Task', id: newId() },
      { __typename: 'Task', id: 'x' },
      { __typename: 'Project', id: projectId },
      { __typename: 'Workspace', id: workspaceId },
    ];
    const { data, errors } = await resolve(guest, representations);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { id: taskIds[0], title: 'Task 1' },
      null,
      null,
      null,
      { id: projectId, key: 'WEB' },
      { id: workspaceId, projects: { nodes: [{ key: 'WEB' }] } },
    ]);
    expect((await resolve(stranger, representations)).data._entities).toEqual([
      null,
      { id: foreignTask, title: 'A' },
      ...[null, null, null, null],
    ]);
    expect((await resolve(null, representations)).data._entities).toEqual(Array(6).fill(null));
  });
});

describe('calls between services', () => {
  it.each([
    ['{ __typename }'],
    ['{ _service { sdl } }'],
    ['{ _entities(representations: [{ __typename: "Task", id: "x" }]) { __typename } }'],
  ])('are refused when unsigned: %s', async (query) => {
    const response = await fetch(`${tasks.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CALL_REFUSED' } }] });
  });

  it('are refused when signed for another service', async () => {
    const answer = await callSubgraph({ url: tasks.url, callee: 'users', query: '{ __typename }' });
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'CALL_REFUSED' } }] });
  });

  it('answer what tasks and projects are, but not to the gateway, by the same queries whether or not there are any', async () => {
    const client = (caller: string) =>
      createGuardedClient({ url: tasks.url, caller, callee: 'tasks', keys: parseCallKeys(undefined, false) });
    const [comments, gateway] = [client('comments'), client('gateway')];
    const ask = (...ids: string[]) => queriesOf(() => comments.call('/internal/tasks', { ids }, z.unknown()));
    const known = await ask(taskIds[0] as string, newId());
    expect(known.result).toEqual({
      tasks: [
        {
          ...{ id: taskIds[0], workspaceId, projectId, key: 'WEB-1', title: 'Task 1', status: 'TODO', version: 1 },
          ...{ creatorId: owner.userId, assigneeId: null, priority: 'NONE', start: null, due: null, estimate: null },
        },
      ],
    });
    expect(await ask(newId())).toEqual({ result: { tasks: [] }, queries: known.queries });
    await expect(ask('x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const askProjects = (...ids: string[]) =>
      queriesOf(() => comments.call('/internal/projects', { ids }, z.unknown()));
    const knownProject = await askProjects(projectId, newId());
    expect(knownProject.result).toEqual({
      projects: [{ id: projectId, workspaceId, key: 'WEB', name: expect.any(String), version: 1 }],
    });
    expect(await askProjects(newId())).toEqual({ result: { projects: [] }, queries: knownProject.queries });
    await expect(askProjects('x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    for (const path of ['/internal/tasks', '/internal/projects']) {
      await expect(gateway.call(path, { ids: taskIds }, z.unknown())).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
      });
    }
    await Promise.all([comments.close(), gateway.close()]);
  });
});
