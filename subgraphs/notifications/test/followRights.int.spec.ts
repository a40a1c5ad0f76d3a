import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope, waitFor } from '#platform/testing/index.ts';
import { activitiesOf, activityCursor, beginning } from './activities.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

jest.setTimeout(20_000);

const scope = testScope();
let notifications: Fixture;
let activities: ReturnType<typeof activitiesOf>;
let ada: Account;

beforeAll(async () => {
  notifications = await startFixture(scope, { smtp: false });
  activities = activitiesOf(notifications);
  ada = notifications.account('Ada');
}, 30_000);

describe('whoever is removed from the workspace', () => {
  it('is put out within a second while nothing happens, with NOT_FOUND; others stay', async () => {
    const [grace, linus] = [notifications.account('Grace'), notifications.account('Linus')];
    const [project, task] = [activities.place(), activities.place()];
    await activities.change(ada, project);
    await activities.written(project, 1);
    const streams = [await activities.join(grace, project), await activities.followTask(grace, task)];
    const other = await activities.join(linus, project);
    await activities.become(grace, null);
    const removed = performance.now();
    await Promise.all(streams.map(({ ended }) => ended));
    expect(performance.now() - removed).toBeLessThan(1_000);
    expect(streams.map(({ codes }) => codes)).toEqual([['NOT_FOUND'], ['NOT_FOUND']]);
    await activities.change(ada, project);
    await waitFor(() => other.received.length === 1);
    expect(other.codes).toEqual([]);
  });

  it('is sent nothing that happens after that, not even in the moment before the stream ends', async () => {
    const project = activities.place();
    await activities.change(ada, project);
    for (let round = 0; round < 5; round++) {
      await activities.written(project, round + 1);
      const grace = notifications.account('Grace');
      const { received, ended, codes } = await activities.join(grace, project);
      await activities.become(grace, null);
      await activities.change(ada, project);
      await ended;
      expect([received, codes]).toEqual([[], ['NOT_FOUND']]);
    }
  });

  it('gets nothing out of a cursor that was good before', async () => {
    const grace = notifications.account('Grace');
    const project = activities.place();
    const before = await activities.follow(grace, project);
    await activities.change(ada, project);
    await waitFor(() => before.received.length === 1);
    await activities.become(grace, null);
    await before.ended;
    const again = await activities.follow(grace, project, before.received[0]?.cursor);
    await again.ended;
    expect(again.codes).toEqual(['NOT_FOUND']);
  });

  it('may follow again once added again, and gets what was missed', async () => {
    const grace = notifications.account('Grace');
    const project = activities.place();
    const before = await activities.follow(grace, project, beginning('PROJECT', project));
    await activities.change(ada, project);
    await waitFor(() => before.received.length === 1);
    await activities.become(grace, null);
    await before.ended;
    await activities.change(ada, project);
    await activities.become(grace, 'GUEST', 3);
    const again = await activities.follow(grace, project, before.received[0]?.cursor);
    await waitFor(() => again.received.length === 1);
  });

  it('is not put out by a removal that users knows nothing of any more: it was taken back meanwhile', async () => {
    const grace = notifications.account('Grace');
    const project = activities.place();
    const { received, codes } = await activities.follow(grace, project);
    const { memberships, workspaceId } = notifications;
    const key = `${workspaceId} ${grace.userId}`;
    await activities.become(grace, null).then(() => {
      memberships.set(key, { workspaceId, userId: grace.userId, role: 'MEMBER', version: 3 });
    });
    await activities.change(ada, project);
    await waitFor(() => received.length === 1 || codes.length > 0);
    expect(codes).toEqual([]);
  });
});

describe('a task', () => {
  it('that has moved to a workspace that is not the viewer’s is passed over, and the cursor moves on', async () => {
    const [project, elsewhere] = [activities.place(), newId()];
    // One after the other: events have no order on their way.
    const stays = await activities.change(ada, project);
    await activities.written(project, 1);
    const moves = await activities.change(ada, project);
    await activities.written(project, 2);
    await activities.change(ada, project, { taskId: stays, version: 2 });
    await activities.written(project, 3);
    await activities.change(ada, activities.place(elsewhere), { taskId: moves, version: 2, workspaceId: elsewhere });
    await waitFor(() => notifications.count('task where id = $1 and version = 2', moves));
    const { received } = await activities.follow(ada, project, beginning('PROJECT', project));
    await waitFor(() => received.length === 2);
    expect(received.map(({ task, kind }) => [task.id, kind])).toEqual([
      [stays, 'CREATED'],
      [stays, 'UPDATED'],
    ]);
    expect(received[1]?.cursor).toBe(activityCursor('PROJECT', project, '3'));
  });

  it('that others follow in another workspace, too, is shown to whoever is a member of both', async () => {
    const grace = notifications.account('Grace');
    const elsewhere = newId();
    const key = `${elsewhere} ${grace.userId}`;
    notifications.memberships.set(key, { workspaceId: elsewhere, userId: grace.userId, role: 'GUEST', version: 1 });
    const project = activities.place();
    const moves = await activities.change(ada, project);
    await activities.change(ada, activities.place(elsewhere), { taskId: moves, version: 2, workspaceId: elsewhere });
    await waitFor(() => notifications.count('task where id = $1 and version = 2', moves));
    const { received } = await activities.follow(grace, project, beginning('PROJECT', project));
    await waitFor(() => received.length === 1);
  });
});

describe('thirty who follow the same', () => {
  it('are decided on by one query of memberships an event, and one of tasks', async () => {
    const project = activities.place();
    await activities.change(ada, project);
    await activities.written(project, 1);
    const followers = await Promise.all(
      Array.from({ length: 30 }, (_, number) => activities.join(notifications.account(`F${number}`), project)),
    );
    const { queries } = await queriesOf(async () => {
      await activities.change(ada, project);
      await waitFor(() => followers.every(({ received }) => received.length === 1));
    });
    expect(queries.filter((sql) => /from "public"."task"/i.test(sql))).toHaveLength(1);
    // One for the event, and those that look, twice a second, whether all may stay.
    expect(queries.filter((sql) => /from membership/.test(sql)).length).toBeLessThanOrEqual(3);
  });
});

describe('while events don’t come through', () => {
  it('users is asked about each event: nothing is shown while it can’t be, and nothing to whoever was removed', async () => {
    const cutOff = await startFixture(scope, { smtp: false, rereadFeedsMs: 200 });
    const { place, change, written, join } = activitiesOf(cutOff);
    const [grace, gone] = [cutOff.account('Grace'), cutOff.account('Gone')];
    const project = place();
    await change(cutOff.account('Ada'), project);
    await written(project, 1);
    const [stays, ends] = [await join(grace, project), await join(gone, project)];
    await cutOff.nats.stop();
    await cutOff.users.stop();
    const { memberships, workspaceId } = cutOff;
    memberships.set(`${workspaceId} ${gone.userId}`, { workspaceId, userId: gone.userId, role: null, version: 2 });
    // As a process writes it that still has NATS.
    await cutOff.pool.query(
      `with place as (update activity_feed set last_sequence = 2 where subject_id = $1)
       insert into activity (subject, subject_id, sequence, event_id, kind, workspace_id, task_id, occurred_at)
       values ('PROJECT', $1, 2, gen_random_uuid(), 'TASK_CREATED', $2, gen_random_uuid(), now())`,
      [project, workspaceId],
    );
    await waitFor(() => cutOff.lines.filter((line) => line.includes('A feed could not be read')).length > 2);
    expect([stays.received, stays.codes, ends.received, ends.codes]).toEqual([[], [], [], []]);
    await cutOff.users.start();
    await waitFor(() => stays.received.length === 1, { timeoutMs: 8_000 });
    await ends.ended;
    expect([stays.codes, ends.received, ends.codes]).toEqual([[], [], ['NOT_FOUND']]);
  }, 30_000);
});

describe('commentAdded', () => {
  it('brings the comments on one task, from a cursor on and live', async () => {
    const [task, other] = [activities.place(), activities.place()];
    const first = await activities.comment(ada, task);
    await activities.comment(ada, other);
    await activities.written(task, 1);
    const stream = await activities.followTask(ada, task, beginning('TASK', task));
    await waitFor(() => stream.received.length === 1);
    const second = await activities.comment(ada, task);
    await waitFor(() => stream.received.length === 2);
    expect(stream.received).toEqual(
      [first, second].map((id) => ({
        ...{ cursor: expect.any(String), comment: { id }, task: { id: task } },
        occurredAt: expect.stringMatching(/Z$/),
      })),
    );
    const resumed = await activities.followTask(ada, task, stream.received[0]?.cursor);
    await waitFor(() => resumed.received.length === 1);
    expect(resumed.received[0]?.comment.id).toBe(second);
  });

  it.each([
    ['an unknown task', () => [ada, newId()] as const, ['NOT_FOUND']],
    ["a task of another workspace's", () => [ada, activities.place(newId())] as const, ['NOT_FOUND']],
    ['a stranger', () => [notifications.account('Stranger', null), activities.place()] as const, ['NOT_FOUND']],
    ['what is no id', () => [ada, 'x'] as const, ['BAD_USER_INPUT']],
    ['anonymous', () => [null, activities.place()] as const, ['UNAUTHENTICATED']],
  ])('refuses %s', async (_name, who, codes) => {
    const [viewer, taskId] = who();
    const stream = await activities.followTask(viewer, taskId);
    await stream.ended;
    expect(stream.codes).toEqual(codes);
  });

  it("refuses a cursor of the task's project", async () => {
    const task = activities.place();
    const stream = await activities.followTask(ada, task, beginning('PROJECT', task));
    await stream.ended;
    expect(stream.codes).toEqual(['BAD_USER_INPUT']);
  });
});
