import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture, type TaskWithVersion, taskState } from './fixture.ts';

const addComment = `mutation ($input: AddCommentInput!) { addComment(input: $input) { comment {
  id body createdAt task { id } author { id }
} } }`;

const scope = testScope();
const [member, guest, removed, stranger] = [person(), person(), person(), person()];
const workspaceId = newId();
const task: TaskWithVersion = taskState(workspaceId, { assigneeId: guest.userId });
let comments: Fixture;

const add = (viewer: Person, input: Record<string, unknown>) => comments.call(viewer, addComment, { input });

beforeAll(async () => {
  comments = await startFixture(scope);
  await comments.member(workspaceId, member.userId, 'MEMBER');
  await comments.member(workspaceId, guest.userId, 'GUEST');
  await comments.member(workspaceId, removed.userId, null, 2);
  await comments.task(task);
  await comments.settled({ memberships: 3, tasks: 1 });
}, 30_000);

describe('addComment', () => {
  it('writes the comment and its event, and answers with it', async () => {
    const { data, errors } = await add(member, { taskId: task.id, body: ' Looks good\n\n- to me 👍 ' });
    expect(errors).toBeUndefined();
    const { comment } = data.addComment;
    expect(comment).toMatchObject({
      body: ' Looks good\n\n- to me 👍 ',
      task: { id: task.id },
      author: { id: member.userId },
    });
    expect(comment.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(await comments.events(comment.id)).toEqual([
      {
        type: 'comments.comment.added.v1',
        version: 1,
        actor_id: member.userId,
        changes: {},
        data: {
          comment: { id: comment.id, workspaceId, taskId: task.id, authorId: member.userId, body: comment.body },
          task: { key: 'WEB-42', title: task.title, creatorId: task.creatorId, assigneeId: guest.userId },
        },
      },
    ]);
    await waitFor(async () => (await comments.pool.query('select from backbone.outbox')).rowCount === 0);
  });

  it('is refused in an archived workspace, which is read all the same', async () => {
    const [owner, other] = [person(), newId()];
    const old = taskState(other);
    await comments.member(other, owner.userId, 'OWNER');
    await comments.task(old);
    expect((await add(owner, { taskId: old.id, body: 'First' })).errors).toBeUndefined();
    await comments.archive(other);
    const code = async () => (await add(owner, { taskId: old.id, body: 'No' })).errors?.[0]?.extensions.code;
    await waitFor(async () => (await code()) === 'WORKSPACE_ARCHIVED');
    const before = await comments.written();
    expect(await code()).toBe('WORKSPACE_ARCHIVED');
    expect((await add(stranger, { taskId: old.id, body: 'No' })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(await comments.written()).toEqual(before);
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Task { comments { nodes { body } } } } }`;
    const { data } = await comments.call(owner, query, { r: [{ __typename: 'Task', id: old.id }] });
    expect(data._entities[0].comments.nodes).toEqual([{ body: 'First' }]);
    await comments.archive(other, false);
    await waitFor(async () => !(await add(owner, { taskId: old.id, body: 'Again' })).errors);
  });

  it('is open to guests', async () => {
    const { errors } = await add(guest, { taskId: task.id, body: 'Me too' });
    expect(errors).toBeUndefined();
  });

  it('returns the first comment to a retry with the same id and input, also to twenty at once', async () => {
    const input = { id: newId(), taskId: task.id, body: 'Once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(member, input)));
    const first = answers[0]?.data.addComment.comment;
    expect(first).toMatchObject({ id: input.id, body: 'Once' });
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data.addComment.comment).toEqual(first);
    }
    expect(await comments.events(input.id)).toHaveLength(1);
  });

  it.each([
    ['other input', member, 'Twice'],
    ['another person', guest, 'Once'],
  ])('refuses the id with %s', async (_name, viewer, body) => {
    const id = newId();
    await add(member, { id, taskId: task.id, body: 'Once' });
    const before = await comments.written();
    const { data, errors } = await add(viewer, { id, taskId: task.id, body });
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toEqual({ code: 'ID_TAKEN' });
    expect(await comments.written()).toEqual(before);
  });

  it('works right after createTask and addMember: what has not arrived is asked of its owner', async () => {
    const newcomer = person();
    const fresh = taskState(newId());
    comments.owned.tasks.set(fresh.id, fresh);
    comments.owned.memberships.set(`${fresh.workspaceId} ${newcomer.userId}`, {
      workspaceId: fresh.workspaceId,
      userId: newcomer.userId,
      role: 'OWNER',
      version: 1,
    });
    expect((await add(newcomer, { taskId: fresh.id, body: 'First' })).errors).toBeUndefined();
    const asked = [comments.tasks.asked.length, comments.users.asked.length];
    expect((await add(newcomer, { taskId: fresh.id, body: 'Second' })).errors).toBeUndefined();
    expect([comments.tasks.asked.length, comments.users.asked.length]).toEqual(asked);
  });

  it('answers with the list after itself, also twice in one operation', async () => {
    const fresh = await comments.task(taskState(workspaceId));
    const field = 'addComment(input: $i) { comment { task { comments { nodes { body } } } } }';
    const query = `mutation ($i: AddCommentInput!) { one: ${field} two: ${field} }`;
    const { data, errors } = await comments.call(member, query, { i: { taskId: fresh.id, body: 'Again' } });
    expect(errors).toBeUndefined();
    const listed = (answer: { comment: { task: { comments: { nodes: unknown[] } } } }) =>
      answer.comment.task.comments.nodes;
    expect([listed(data.one).length, listed(data.two).length]).toEqual([1, 2]);
  });

  it('remembers for two seconds that there is no such task', async () => {
    const taskId = newId();
    for (let time = 0; time < 3; time++) {
      expect((await add(member, { taskId, body: 'Hello?' })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    expect(comments.tasks.asked.filter((question) => question.includes(taskId))).toHaveLength(1);
  });
});

describe('a retry', () => {
  it('gets the first comment although the task has left the projection, and NOT_FOUND once its author was removed', async () => {
    const author = person();
    await comments.member(workspaceId, author.userId, 'MEMBER');
    const input = { id: newId(), taskId: (await comments.task(taskState(workspaceId))).id, body: 'Once' };
    const first = await add(author, input);
    expect(first.errors).toBeUndefined();
    await comments.pool.query('delete from task where id = $1', [input.taskId]);
    comments.owned.tasks.delete(input.taskId);
    expect(await add(author, input)).toEqual(first);
    expect((await add(author, { ...input, body: 'Twice' })).errors?.[0]?.extensions).toEqual({ code: 'ID_TAKEN' });
    await comments.member(workspaceId, author.userId, null, 2);
    await waitFor(async () => (await add(author, input)).errors?.[0]?.extensions.code === 'NOT_FOUND');
    expect((await add(author, { ...input, body: 'Twice' })).errors?.[0]?.extensions).toEqual({ code: 'ID_TAKEN' });
  });
});

describe('addComment refuses', () => {
  const refusals: [string, Person, Record<string, unknown>, Record<string, unknown>][] = [
    ['anonymous', null, {}, { code: 'UNAUTHENTICATED' }],
    ['a stranger', stranger, {}, { code: 'NOT_FOUND' }],
    ['a removed member', removed, {}, { code: 'NOT_FOUND' }],
    ['an unknown task', member, { taskId: newId() }, { code: 'NOT_FOUND' }],
    ['a malformed task id', member, { taskId: '../x' }, fieldProblem('input.taskId', 'Must be a UUID')],
    ['an id that is no UUIDv7', member, { id: '5f0c8c9e-8a44-4c36-8a4e-3c1e3b3f3a11' }, fieldProblem('input.id')],
    ['an empty body', member, { body: ' \n ' }, fieldProblem('input.body', 'Must not be empty')],
    ['a body too long', member, { body: 'x'.repeat(10_001) }, fieldProblem('input.body')],
    ['a body of emoji too long', member, { body: '😀'.repeat(10_001) }, fieldProblem('input.body')],
    ['a body with NUL', member, { body: 'a\0b' }, fieldProblem('input.body')],
    ['an unknown field', member, { colour: 'red' }, { code: 'BAD_USER_INPUT' }],
    ['a body of the wrong type', member, { body: 7 }, { code: 'BAD_USER_INPUT' }],
  ];

  it.each(refusals)('%s, and writes nothing', async (_name, viewer, input, extensions) => {
    const before = await comments.written();
    const { data, errors } = await add(viewer, { taskId: task.id, body: 'Hello', ...input });
    expect(data?.addComment).toBeFalsy();
    expect(errors?.[0]?.extensions).toMatchObject(extensions);
    expect(await comments.written()).toEqual(before);
  });

  it('a body of two megabytes', async () => {
    const before = await comments.written();
    const { errors } = await add(member, { taskId: task.id, body: 'x'.repeat(2_000_000) });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await comments.written()).toEqual(before);
  });

  it('while the owner of a missing fact can not be asked: SERVICE_UNAVAILABLE, not a guess', async () => {
    await comments.tasks.stop();
    const { errors } = await add(member, { taskId: newId(), body: 'Hello?' });
    expect(errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
    expect((await add(member, { taskId: task.id, body: 'But here it works' })).errors).toBeUndefined();
    await comments.tasks.start();
  });
});

function fieldProblem(path: string, message?: string) {
  const fields = [{ path: path.split('.'), message: message ?? expect.any(String) }];
  return { code: 'BAD_USER_INPUT', fields };
}
