import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture, taskState } from './fixture.ts';

const byTask = `query ($tasks: [_Any!]!, $first: Int, $after: String) { _entities(representations: $tasks) { ... on Task {
  id comments(first: $first, after: $after) { edges { cursor } nodes { id body } pageInfo {
    hasNextPage hasPreviousPage startCursor endCursor
  } }
} } }`;
const byId =
  'query ($id: ID!) { comment(id: $id) { id body author { id } task { id comments(first: 1) { nodes { id } } } } }';

const scope = testScope();
const [member, stranger] = [person(), person()];
const workspaceId = newId();
const tasks = Array.from({ length: 30 }, (_, number) => taskState(workspaceId, { key: `WEB-${number + 1}` }));
const foreign = taskState(newId());
const [first] = tasks as [(typeof tasks)[number]];
let comments: Fixture;
let commentIds: string[];

const stub = ({ id }: { id: string }) => ({ __typename: 'Task', id });
const read = (viewer: Person, variables: Record<string, unknown>) => comments.call(viewer, byTask, variables);

beforeAll(async () => {
  comments = await startFixture(scope);
  await comments.member(workspaceId, member.userId, 'MEMBER');
  for (const task of [...tasks, foreign]) await comments.task(task);
  await comments.settled({ memberships: 1, tasks: 31 });
  // Several in one millisecond, so that the id has to decide.
  const { rows } = await comments.pool.query(
    `insert into comment (id, workspace_id, task_id, author_id, body, created_at)
     select gen_random_uuid(), t.workspace_id, t.id, $1, 'Comment ' || n, timestamptz '2026-11-20T09:00Z' + (n / 3) * interval '1 ms'
     from task t cross join generate_series(1, 7) n returning id, task_id, created_at`,
    [member.userId],
  );
  commentIds = rows
    .filter((row) => row.task_id === first.id)
    .sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1))
    .map((row) => row.id);
}, 30_000);

describe('Task.comments', () => {
  it('lists the oldest first, page by page, each once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (const expected of [true, true, false]) {
      const { data, errors } = await read(member, { tasks: [stub(first)], first: 3, after });
      expect(errors).toBeUndefined();
      const { nodes, edges, pageInfo } = data._entities[0].comments;
      seen.push(...nodes.map((node: { id: string }) => node.id));
      expect(pageInfo).toEqual({
        hasNextPage: expected,
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(commentIds);
  });

  it('is one query for thirty tasks, and one each for tasks and memberships', async () => {
    const { result, queries } = await queriesOf(() => read(member, { tasks: tasks.map(stub), first: 3 }));
    expect(result.data._entities.map((task: { comments: { nodes: unknown[] } }) => task.comments.nodes.length)).toEqual(
      tasks.map(() => 3),
    );
    expect(queries.filter((query) => query.includes('lateral'))).toHaveLength(1);
    expect(queries).toHaveLength(3);
  });

  it('answers for each task by itself: what the viewer may not see is null', async () => {
    const { data, errors } = await read(member, {
      tasks: [stub(foreign), stub(first), stub({ id: newId() }), stub({ id: 'nonsense' })],
      first: 1,
    });
    expect(errors).toBeUndefined();
    expect(data._entities.map((task: { id: string } | null) => task?.id ?? null)).toEqual([null, first.id, null, null]);
  });

  it.each([
    ['a stranger', stranger],
    ['anonymous', null],
  ])('%s sees no task', async (_name, viewer) => {
    const { data } = await read(viewer, { tasks: [stub(first)] });
    expect(data._entities).toEqual([null]);
  });

  it.each([
    ['no cursor', { after: 'nonsense' }],
    ['a cursor of another list', { after: cursor('tasks -number', '7') }],
    ['a cursor with keys that are none', { after: cursor('comments +createdAt +id', 'yesterday', 'x') }],
    ['a page of none', { first: 0 }],
    ['a page too large', { first: 101 }],
  ])('refuses %s', async (_name, variables) => {
    const { data, errors } = await read(member, { tasks: [stub(first)], ...variables });
    expect(data._entities[0].comments).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('comment', () => {
  it('is a comment on a task that the viewer may see', async () => {
    const { data, errors } = await comments.call(member, byId, { id: commentIds[3]?.toUpperCase() });
    expect(errors).toBeUndefined();
    expect(data.comment).toEqual({
      id: commentIds[3],
      body: expect.stringMatching(/^Comment \d$/),
      author: { id: member.userId },
      task: { id: first.id, comments: { nodes: [{ id: commentIds[0] }] } },
    });
  });

  it.each([
    ['anonymous', null, () => commentIds[0], 'UNAUTHENTICATED'],
    ['a stranger', stranger, () => commentIds[0], 'NOT_FOUND'],
    ['an unknown id', member, () => newId(), 'NOT_FOUND'],
    ['a malformed id', member, () => '1; drop table comment', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, viewer, id, code) => {
    const { data, errors } = await comments.call(viewer, byId, { id: id() });
    expect(data.comment).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe(code);
  });

  it('as an entity is authorised for each', async () => {
    const query = 'query ($c: [_Any!]!) { _entities(representations: $c) { ... on Comment { id } } }';
    const other = await comments.pool.query('select id from comment where task_id = $1', [foreign.id]);
    const ids = [other.rows[0].id, commentIds[0], newId(), ''];
    const c = ids.map((id) => ({ __typename: 'Comment', id }));
    const { data, errors } = await comments.call(member, query, { c });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([null, { id: commentIds[0] }, null, null]);
    expect((await comments.call(null, query, { c })).data._entities).toEqual([null, null, null, null]);
  });
});

function cursor(...content: string[]): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
