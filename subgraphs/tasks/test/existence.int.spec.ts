import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture } from './fixture.ts';

const scope = testScope();
let tasks: Fixture;
let foreign: { workspace: string; projects: string[]; tasks: string[] };

beforeAll(async () => {
  tasks = await startFixture(scope);
  const owner = person();
  const workspace = await tasks.members(newId(), { [owner.userId]: 'OWNER', [assignee.userId]: 'MEMBER' });
  const projects = [await tasks.project(owner, workspace), await tasks.project(owner, workspace, 'API')];
  foreign = { workspace, projects, tasks: [] };
  for (const project of projects) foreign.tasks.push(await tasks.task(owner, project));
});

const assignee = person();
const entity = (type: string) =>
  `query ($id: ID!) { _entities(representations: [{ __typename: "${type}", id: $id }]) { __typename } }`;
const mutation = (name: string, type: string, more: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${more} } }`;

type Way = { query: string; of: keyof typeof foreign; input?: (id: string) => Record<string, unknown> };
const ways: [string, Way][] = [
  ['task', { query: 'query ($id: ID!) { task(id: $id) { title } }', of: 'tasks' }],
  ['project', { query: 'query ($id: ID!) { project(id: $id) { name } }', of: 'projects' }],
  ['Task', { query: entity('Task'), of: 'tasks' }],
  ['Project', { query: entity('Project'), of: 'projects' }],
  ['Workspace', { query: entity('Workspace'), of: 'workspace' }],
  [
    'createProject',
    {
      query: mutation('createProject', 'CreateProjectInput', 'project { id }'),
      of: 'workspace',
      input: (workspaceId) => ({ workspaceId, key: 'NEW', name: 'New' }),
    },
  ],
  [
    'createTask',
    {
      query: mutation('createTask', 'CreateTaskInput', 'task { id }'),
      of: 'projects',
      input: (projectId) => ({ projectId, title: 'New', assigneeId: assignee.userId }),
    },
  ],
  [
    'updateTask',
    {
      query: mutation('updateTask', 'UpdateTaskInput', '__typename'),
      of: 'tasks',
      input: (id) => ({ id, version: 1, title: 'New' }),
    },
  ],
];

/** All that a viewer could tell the one from the other by: the answer, the queries behind it, and the questions to users. */
async function traceOf(viewer: NonNullable<Person>, { query, input }: Way, id: string) {
  const before = tasks.users.asked.length;
  const variables = input ? { input: input(id) } : { id };
  const { result, queries } = await queriesOf(() => tasks.call(viewer, query, variables));
  return { result, queries, asked: tasks.users.asked.slice(before) };
}

const viewers: [string, () => Promise<NonNullable<Person>>][] = [
  ['a stranger', async () => person()],
  [
    'a member of another workspace',
    async () => {
      const viewer = person();
      await tasks.members(newId(), { [viewer.userId]: 'OWNER' });
      return viewer;
    },
  ],
  [
    'a former member',
    async () => {
      const viewer = person();
      await tasks.members(foreign.workspace, { [viewer.userId]: 'MEMBER' });
      await tasks.change(foreign.workspace, viewer.userId, null);
      return viewer;
    },
  ],
];
const everyWay = viewers.flatMap(([who, make]) => ways.map(([name, way]) => [name, who, make, way] as const));

describe('what is not there and what belongs to others', () => {
  it.each(everyWay)('are the same to %s for %s: the answer, the queries, the calls', async (_name, _who, make, way) => {
    const viewer = await make();
    const [first, second] = [foreign[way.of]].flat() as [string, string?];
    const known = await traceOf(viewer, way, first);
    expect(known).toEqual(await traceOf(viewer, way, newId()));
    expect(known.asked).toHaveLength(1);
    // What was learned about the first must not show in the second of the same workspace.
    if (second) expect(await traceOf(viewer, way, second)).toEqual(await traceOf(viewer, way, newId()));
    // Once more, while the misses are remembered.
    const unknown = newId();
    await traceOf(viewer, way, unknown);
    const again = await traceOf(viewer, way, first);
    expect(again).toEqual(await traceOf(viewer, way, unknown));
    expect(again.asked).toEqual([]);
  });

  describe('while users is down', () => {
    beforeAll(() => tasks.users.stop());

    it.each(everyWay)('are both SERVICE_UNAVAILABLE to %s for %s', async (_name, _who, make, way) => {
      const viewer = await make();
      const known = await traceOf(viewer, way, [foreign[way.of]].flat()[0] as string);
      expect(known).toEqual(await traceOf(viewer, way, newId()));
      expect(known.result.errors?.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE']);
    });

    it("while what is known to be the viewer's is there", async () => {
      const viewer = person();
      const workspace = await tasks.members(newId(), { [viewer.userId]: 'MEMBER' });
      const id = await tasks.task(viewer, await tasks.project(viewer, workspace));
      expect((await tasks.call(viewer, 'query ($id: ID!) { task(id: $id) { id } }', { id })).data).toEqual({
        task: { id },
      });
    });
  });
});
