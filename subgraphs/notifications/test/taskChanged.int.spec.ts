import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { writeCursor } from '#platform/pages.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { activitiesOf, activityCursor, beginning, type TaskEvent } from './activities.ts';
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

const tasksOf = (received: TaskEvent[]) => received.map(({ task }) => task.id);
const taskRows = async (projectId: string) => (await activities.rows(projectId)).map((row) => row.task_id);
const changes = (projectId: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => activities.change(ada, projectId)));

describe('taskChanged', () => {
  it('brings what comes from now on, without `after`', async () => {
    const project = activities.place();
    await activities.change(ada, project);
    await activities.written(project, 1);
    const { received } = await activities.follow(ada, project);
    // The other one's feed begins, for a stream that has just asked for its end.
    const taskId = await activities.change(ada, project);
    await waitFor(() => received.length === 1);
    await activities.change(ada, project, { taskId, version: 2, changed: ['title', 'assigneeId'] });
    await waitFor(() => received.length === 2);
    const common = { cursor: expect.any(String), task: { id: taskId }, actor: { id: ada.userId } };
    expect(received).toEqual([
      { ...common, kind: 'CREATED', changedFields: [], occurredAt: expect.stringMatching(/Z$/) },
      { ...common, kind: 'UPDATED', changedFields: ['title', 'assignee'], occurredAt: expect.stringMatching(/Z$/) },
    ]);
  });

  it('replays what came after a cursor, and goes on live', async () => {
    const project = activities.place();
    const first = await activities.follow(ada, project, beginning('PROJECT', project));
    await changes(project, 3);
    await waitFor(() => first.received.length === 3);
    await first.close();
    // More than one page.
    await changes(project, 120);
    await activities.written(project, 123, 30_000);
    const second = await activities.follow(ada, project, first.received[1]?.cursor);
    await waitFor(() => second.received.length === 121);
    await changes(project, 2);
    await waitFor(() => second.received.length === 123);
    expect(tasksOf(first.received)).toEqual((await taskRows(project)).slice(0, 3));
    expect(tasksOf(second.received)).toEqual((await taskRows(project)).slice(2));
  }, 60_000);

  it('has no gap and no repeat with two processes that write, for clients that come and go', async () => {
    const project = activities.place();
    await notifications.service.start('worker');
    const events = 120;
    const clients = await Promise.all(
      Array.from({ length: 3 }, () => activities.follow(ada, project, beginning('PROJECT', project))),
    );
    const sending = Promise.all(Array.from({ length: 6 }, () => changes(project, events / 6)));
    const resumed: TaskEvent[] = [];
    for (let turn = 1; turn <= 5; turn++) {
      const part = await activities.follow(ada, project, resumed.at(-1)?.cursor ?? beginning('PROJECT', project));
      await waitFor(() => part.received.length >= Math.min(turn * 3, events - resumed.length));
      await part.close();
      resumed.push(...part.received);
    }
    await sending;
    await waitFor(() => clients.every(({ received }) => received.length >= events), { timeoutMs: 30_000 });
    const rows = await activities.rows(project);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: events }, (_, index) => index + 1));
    for (const { received } of clients) expect(tasksOf(received)).toEqual(rows.map((row) => row.task_id));
    expect(tasksOf(resumed)).toEqual(rows.map((row) => row.task_id).slice(0, resumed.length));
  }, 60_000);

  it('brings what Redis could not tell of, once Redis is back', async () => {
    const project = activities.place();
    const { received } = await activities.follow(ada, project);
    await notifications.redis.stop();
    await changes(project, 3);
    await activities.written(project, 3);
    await notifications.redis.start();
    await waitFor(() => received.length === 3);
    await changes(project, 1);
    await waitFor(() => received.length === 4);
    expect(tasksOf(received)).toEqual(await taskRows(project));
  }, 30_000);

  it('brings an event once that is delivered again', async () => {
    const project = activities.place();
    const { received } = await activities.follow(ada, project);
    await changes(project, 1);
    await waitFor(() => received.length === 1);
    const { rows } = await notifications.pool.query('select event_id from activity where subject_id = $1', [project]);
    const again = { ...(await notifications.assign(ada, null)), id: rows[0].event_id };
    await notifications.publisher.again(again);
    await changes(project, 1);
    await waitFor(() => received.length === 2);
    expect(tasksOf(received)).toEqual(await taskRows(project));
  });

  it("brings nothing of another project's", async () => {
    const [project, other] = [activities.place(), activities.place()];
    const { received } = await activities.follow(ada, project);
    await changes(other, 3);
    await activities.written(other, 3);
    await changes(project, 1);
    await waitFor(() => received.length === 1);
    expect(tasksOf(received)).toEqual(await taskRows(project));
  });
});

describe('taskChanged refuses', () => {
  const refusal = async (viewer: Account | null, projectId: string, after?: string) => {
    const { codes, ended, received } = await activities.follow(viewer, projectId, after);
    await ended;
    expect(received).toEqual([]);
    return codes;
  };

  it.each([
    ['no cursor', () => 'nonsense'],
    ["a cursor of another project's", () => beginning('PROJECT', newId())],
    ['a cursor of notifications', () => writeCursor('notifications sequence', ['0'])],
    ["a cursor of a task's comments", (project: string) => activityCursor('TASK', project, '0')],
    ['a sequence that is none', (project: string) => activityCursor('PROJECT', project, '-1')],
    ['a sequence beyond the numbers', (project: string) => activityCursor('PROJECT', project, '99999999999')],
    ['a place beyond the end of the feed', (project: string) => activityCursor('PROJECT', project, '1000')],
  ])('%s', async (_name, after) => {
    const project = activities.place();
    expect(await refusal(ada, project, after(project))).toEqual(['BAD_USER_INPUT']);
  });

  it("a cursor that another project's stream has given", async () => {
    const [project, other] = [activities.place(), activities.place()];
    const { received } = await activities.follow(ada, project);
    await changes(project, 1);
    await changes(other, 1);
    await waitFor(() => received.length === 1);
    await activities.written(other, 1);
    expect(await refusal(ada, other, received[0]?.cursor)).toEqual(['BAD_USER_INPUT']);
  });

  it('what is no id', async () => {
    expect(await refusal(ada, 'x')).toEqual(['BAD_USER_INPUT']);
  });

  it('anonymous', async () => {
    expect(await refusal(null, activities.place())).toEqual(['UNAUTHENTICATED']);
  });

  it('a task for a project', async () => {
    const taskId = await activities.change(ada, activities.place());
    expect(await refusal(ada, taskId)).toEqual(['NOT_FOUND']);
  });

  it('whoever is not a member, as if there were no such project, and asks the same for both', async () => {
    const stranger = notifications.account('Stranger', null);
    const asked = async (projectId: string) => {
      const [users, tasks] = [notifications.users.asked.length, notifications.tasks.asked.length];
      expect(await refusal(stranger, projectId)).toEqual(['NOT_FOUND']);
      return [notifications.users.asked.slice(users), notifications.tasks.asked.slice(tasks)].map((questions) =>
        questions.map((question) => question.replace(projectId, 'the project')),
      );
    };
    const known = await asked(activities.place());
    expect(known).toEqual([
      [`/internal/memberships {"userId":"${stranger.userId}"}`],
      ['/internal/projects {"ids":["the project"]}'],
    ]);
    expect(await asked(newId())).toEqual(known);
    expect(await refusal(ada, activities.place(newId()))).toEqual(['NOT_FOUND']);
  });

  it('nobody who is a guest', async () => {
    const guest = notifications.account('Guest', 'GUEST');
    const project = activities.place();
    const { received } = await activities.follow(guest, project);
    await changes(project, 1);
    await waitFor(() => received.length === 1);
  });

  it('everybody while users can not be asked about a membership that is unknown here', async () => {
    const newcomer = notifications.account('Newcomer');
    await notifications.users.stop();
    const [project, unknown] = [activities.place(), newId()];
    expect([await refusal(newcomer, project), await refusal(newcomer, unknown)]).toEqual([
      ['SERVICE_UNAVAILABLE'],
      ['SERVICE_UNAVAILABLE'],
    ]);
    await notifications.users.start();
  });
});
