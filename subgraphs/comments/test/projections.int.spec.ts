import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, person, startFixture, taskState } from './fixture.ts';

const scope = testScope();
let comments: Fixture;

beforeAll(async () => {
  comments = await startFixture(scope);
}, 30_000);

const titleOf = async (id: string) =>
  (await comments.pool.query('select title, version from task where id = $1', [id])).rows[0];
const roleOf = async (userId: string) =>
  (await comments.pool.query('select role, version from membership where user_id = $1', [userId])).rows[0];

/** Waits until the consumers have handled everything so far. */
async function handled(events: number) {
  await waitFor(async () => (await comments.pool.query('select from backbone.inbox')).rowCount === events);
}

describe('the projections', () => {
  it('keep the latest version, in whatever order events arrive and however often', async () => {
    const task = taskState(newId());
    const { userId } = person();
    for (const version of [3, 1, 4, 2, 4]) await comments.task({ ...task, title: `Title ${version}` }, version);
    for (const [role, version] of [
      ['MEMBER', 1],
      [null, 3],
      ['ADMIN', 2],
    ] as const) {
      await comments.member(task.workspaceId, userId, role, version);
    }
    await handled(8);
    expect(await titleOf(task.id)).toEqual({ title: 'Title 4', version: 4 });
    expect(await roleOf(userId)).toEqual({ role: null, version: 3 });
  });

  it('do not fall back to what an owner had said before a later event', async () => {
    const task = taskState(newId());
    const viewer = person();
    comments.owned.tasks.set(task.id, task);
    const membership = { workspaceId: task.workspaceId, userId: viewer.userId, role: 'MEMBER' as const, version: 1 };
    comments.owned.memberships.set(`${task.workspaceId} ${viewer.userId}`, membership);
    const add = () =>
      comments.call(viewer, 'mutation ($i: AddCommentInput!) { addComment(input: $i) { comment { id } } }', {
        i: { taskId: task.id, body: 'Hello' },
      });
    expect((await add()).errors).toBeUndefined();
    await comments.member(task.workspaceId, viewer.userId, null, 2);
    // An answer of users that was on its way before.
    comments.owned.memberships.set(`${task.workspaceId} ${viewer.userId}`, membership);
    await waitFor(async () => (await roleOf(viewer.userId)).role === null);
    expect((await add()).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('while NATS is away', () => {
  it('memberships are asked of users, so that a removed member is out; comments are written and published later', async () => {
    const task = taskState(newId());
    const [stays, goes] = [person(), person()];
    for (const { userId } of [stays, goes]) {
      const membership = { workspaceId: task.workspaceId, userId, role: 'MEMBER' as const, version: 1 };
      comments.owned.memberships.set(`${task.workspaceId} ${userId}`, membership);
      await comments.member(task.workspaceId, userId, 'MEMBER');
    }
    await comments.task(task);
    await waitFor(() => titleOf(task.id));
    await waitFor(() => roleOf(goes.userId));
    await comments.nats.stop();
    comments.owned.memberships.set(`${task.workspaceId} ${goes.userId}`, {
      workspaceId: task.workspaceId,
      userId: goes.userId,
      role: null,
      version: 2,
    });
    const add = ({ userId }: { userId: string }) =>
      comments.call(
        { userId, sessionId: newId() },
        'mutation ($i: AddCommentInput!) { addComment(input: $i) { comment { id } } }',
        {
          i: { taskId: task.id, body: 'Hello' },
        },
      );
    await waitFor(async () => (await add(goes)).errors?.[0]?.extensions.code === 'NOT_FOUND');
    const { data, errors } = await add(stays);
    expect(errors).toBeUndefined();
    const waiting =
      'select from backbone.outbox where event_id in (select id from backbone.event where aggregate_id = $1)';
    const { id } = data.addComment.comment;
    expect((await comments.pool.query(waiting, [id])).rowCount).toBe(1);
    await comments.nats.start();
    await waitFor(async () => (await comments.pool.query(waiting, [id])).rowCount === 0);
  }, 30_000);
});
