import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture, taskState } from './fixture.ts';

jest.setTimeout(30_000);

const scope = testScope();
const owner = person();
const workspaceId = newId();
const [first, second, unprojected] = [taskState(workspaceId), taskState(workspaceId), taskState(workspaceId)] as const;
const commentIds: string[] = [];
let comments: Fixture;

beforeAll(async () => {
  comments = await startFixture(scope);
  await comments.member(workspaceId, owner.userId, 'OWNER');
  for (const task of [first, second]) await comments.task(task);
  await comments.settled({ memberships: 1, tasks: 2 });
  comments.owned.tasks.set(unprojected.id, unprojected);
  for (const { id: taskId } of [first, second]) {
    const { data } = await comments.call(owner, add, { input: { taskId, body: 'Secret' } });
    commentIds.push(data.addComment.comment.id);
  }
});

const add = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
const entity = (type: string) =>
  `query ($id: ID!) { _entities(representations: [{ __typename: "${type}", id: $id }]) { __typename } }`;

type Way = { query: string; of: 'tasks' | 'comments'; variables: (id: string) => Record<string, unknown> };
const ways: [string, Way][] = [
  ['Task', { query: entity('Task'), of: 'tasks', variables: (id) => ({ id }) }],
  ['addComment', { query: add, of: 'tasks', variables: (taskId) => ({ input: { taskId, body: 'Mine' } }) }],
  ['comment', { query: 'query ($id: ID!) { comment(id: $id) { body } }', of: 'comments', variables: (id) => ({ id }) }],
  ['Comment', { query: entity('Comment'), of: 'comments', variables: (id) => ({ id }) }],
];
const viewers: [string, () => Promise<NonNullable<Person>>][] = [
  ['a stranger', async () => person()],
  ['a member of another workspace', () => viewerWith(newId(), 'OWNER')],
  ['a former member', () => viewerWith(workspaceId, null)],
];
const everyWay = viewers.flatMap(([who, make]) => ways.map(([name, way]) => [name, who, make, way] as const));
const foreign = ({ of }: Way) => (of === 'tasks' ? [first.id, second.id, unprojected.id] : commentIds);

/** Somebody whose membership, or the end of it, has arrived. Each test takes another: misses are remembered. */
async function viewerWith(workspace: string, role: 'OWNER' | null) {
  const viewer = person();
  const membership = { workspaceId: workspace, userId: viewer.userId, role, version: 2 };
  comments.owned.memberships.set(viewer.userId, membership);
  await comments.pool.query('insert into membership (workspace_id, user_id, role, version) values ($1, $2, $3, 2)', [
    workspace,
    viewer.userId,
    role,
  ]);
  return viewer;
}

/** All that a viewer could tell the one from the other by: the answer, the queries behind it, and the questions to the owners. */
async function traceOf(viewer: Person, { query, variables }: Way, id: string) {
  const before = [comments.users.asked.length, comments.tasks.asked.length] as const;
  const { result, queries } = await queriesOf(() => comments.call(viewer, query, variables(id)));
  const [users, tasks] = [comments.users.asked.slice(before[0]), comments.tasks.asked.slice(before[1])];
  return { result, queries, users, tasks: tasks.map((question) => question.replace(id, 'the id')) };
}

describe('what is not there and what belongs to others', () => {
  it.each(everyWay)('are the same to %s for %s: the answer, the queries, the calls', async (_name, _who, make, way) => {
    const viewer = await make();
    const unknown = newId();
    const nothing = await traceOf(viewer, way, unknown);
    for (const id of foreign(way)) expect(await traceOf(viewer, way, id)).toEqual(nothing);
    expect([nothing.users.length, nothing.tasks.length]).toEqual([1, way.of === 'tasks' ? 1 : 0]);
    // Once more, while the misses are remembered.
    const again = await traceOf(viewer, way, unknown);
    for (const id of foreign(way)) expect(await traceOf(viewer, way, id)).toEqual(again);
    expect([again.users, again.tasks]).toEqual([[], []]);
  });

  describe.each(['users', 'tasks'] as const)('while %s is down', (down) => {
    beforeAll(() => comments[down].stop());
    // What comes next begins with owners that are asked again: a circuit that is half open would tell calls apart by their time.
    afterAll(async () => {
      await comments[down].start();
      await waitFor(async () => {
        const { errors } = await comments.call(person(), add, { input: { taskId: newId(), body: 'Mine' } });
        return errors?.[0]?.extensions.code === 'NOT_FOUND';
      });
    });

    it.each(everyWay)('are the same to %s for %s', async (_name, _who, make, way) => {
      const viewer = await make();
      const nothing = await traceOf(viewer, way, newId());
      for (const id of foreign(way)) expect(await traceOf(viewer, way, id)).toEqual(nothing);
      const needed = down === 'users' || way.of === 'tasks';
      if (needed) expect(nothing.result.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
    });

    it("while what is known to be the viewer's is there", async () => {
      const { data } = await comments.call(owner, 'query ($id: ID!) { comment(id: $id) { body } }', {
        id: commentIds[0],
      });
      expect(data).toEqual({ comment: { body: 'Secret' } });
    });
  });
});
