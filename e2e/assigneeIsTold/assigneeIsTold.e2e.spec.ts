import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';

jest.setTimeout(60_000);

const received = `subscription ($after: String) {
  notificationReceived(after: $after) { cursor notification { id kind title task { id } actor { id } } }
}`;

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
let nats: NatsConnection;
let redis: Redis;
beforeAll(async () => {
  system = await startTestSystem();
  team = await startTeam(system);
  nats = await connect({ servers: system.urls.nats });
  redis = new Redis(system.urls.redis);
});
afterAll(async () => {
  await nats?.close();
  redis?.disconnect();
  await system?.remove();
});

/** The message that a task's creation left in the stream of tasks. */
async function creationOf(taskId: string) {
  const manager = await jetstreamManager(nats);
  return waitFor(() => manager.streams.getMessage('tasks', { last_by_subj: `tasks.task.${taskId}.created` }));
}

const repeated = async () => {
  const text = await (await fetch(`${system.urls.services.notifications}/metrics`)).text();
  return [...text.matchAll(/^taskgraph_consumed_events_total{[^}]*outcome="repeated"[^}]*} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
};

/** Whether a subscription of this person stands: what happened before that, it may rightly miss. */
async function isHeard(personId: string): Promise<boolean> {
  const channels = (await redis.pubsub('CHANNELS', `live:*${personId}`)) as string[];
  return channels.length > 0;
}

const notificationsAbout = async (taskId: string) =>
  system.sql<{ recipient_id: string; kind: string }>(
    'notifications',
    'select recipient_id, kind::text from notification where task_id = $1 order by sequence',
    [taskId],
  );

describe('the assignee is told', () => {
  it('live, and in the list, and once', async () => {
    const { ada, grace, projectId } = team;
    const live = grace.listen(received);
    await waitFor(() => isHeard(grace.id));
    const task = await createTask(ada, { projectId, title: 'Fix the header', assigneeId: grace.id });
    await waitFor(() => live.events.length === 1);
    expect(live.events[0].notificationReceived.notification).toMatchObject({
      kind: 'TASK_ASSIGNED',
      title: `Ada assigned ${task.key} Fix the header to you`,
      task: { id: task.id },
      actor: { id: ada.id },
    });
    const { notifications, unreadNotificationCount } = await grace.ask(
      '{ notifications(first: 5) { nodes { id readAt task { title assignee { name } } } } unreadNotificationCount }',
    );
    expect(notifications.nodes).toEqual([
      {
        id: live.events[0].notificationReceived.notification.id,
        readAt: null,
        task: { title: 'Fix the header', assignee: { name: 'Grace' } },
      },
    ]);
    expect(unreadNotificationCount).toBe(1);
    const { markNotificationRead } = await grace.ask(
      `mutation ($input: MarkNotificationReadInput!) {
        markNotificationRead(input: $input) { notification { readAt } unreadNotificationCount }
      }`,
      { input: { id: notifications.nodes[0].id } },
    );
    expect(markNotificationRead).toEqual({ notification: { readAt: expect.any(String) }, unreadNotificationCount: 0 });
    await live.stop();
  });

  it('when a task that is there is given to them', async () => {
    const { ada, grace, projectId } = team;
    const task = await createTask(ada, { projectId, title: 'Fix the footer' });
    const update = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }';
    const given = await ada.ask(update, { input: { id: task.id, version: 1, assigneeId: grace.id, priority: 'HIGH' } });
    expect(given.updateTask.__typename).toBe('UpdateTaskPayload');
    const told = [{ recipient_id: grace.id, kind: 'TASK_ASSIGNED' }];
    await waitFor(async () => (await notificationsAbout(task.id)).length === 1);
    expect(await notificationsAbout(task.id)).toEqual(told);
    // Another change of it tells nobody again; one of another task, later, shows that it has come through.
    await ada.ask(update, { input: { id: task.id, version: 2, priority: 'LOW' } });
    const next = await createTask(ada, { projectId, title: 'Fix the sides', assigneeId: grace.id });
    await waitFor(async () => (await notificationsAbout(next.id)).length === 1);
    expect(await notificationsAbout(task.id)).toEqual(told);
  });

  it('once, in the list and live, when the event is delivered a second time', async () => {
    const { ada, grace, projectId } = team;
    const live = grace.listen(received);
    await waitFor(() => isHeard(grace.id));
    const task = await createTask(ada, { projectId, title: 'Say it once', assigneeId: grace.id });
    const message = await creationOf(task.id);
    await waitFor(async () => (await notificationsAbout(task.id)).length === 1);
    const before = await repeated();
    // Without its id, so that the stream can't tell that it has the event already.
    await jetstream(nats).publish(message.subject, message.data);
    await waitFor(async () => (await repeated()) > before);
    expect(await notificationsAbout(task.id)).toEqual([{ recipient_id: grace.id, kind: 'TASK_ASSIGNED' }]);
    const marker = await createTask(ada, { projectId, title: 'Marker', assigneeId: grace.id });
    const heard = () => live.events.map((event) => event.notificationReceived.notification.task.id);
    await waitFor(() => heard().includes(marker.id));
    expect(heard()).toEqual([task.id, marker.id]);
    await live.stop();
  });

  it('also when the notifications service starts after the event was published', async () => {
    const { ada, grace, projectId } = team;
    const earlier = grace.listen(received);
    const first = await createTask(ada, { projectId, title: 'Before', assigneeId: grace.id });
    await waitFor(() => earlier.events.some((event) => event.notificationReceived.notification.task.id === first.id));
    const { cursor } = earlier.events.at(-1).notificationReceived;
    await earlier.stop();
    await system.stopService('notifications');
    const task = await createTask(ada, { projectId, title: 'While nobody listened', assigneeId: grace.id });
    await creationOf(task.id);
    await system.startService('notifications');
    const live = grace.listen(received, { after: cursor });
    await waitFor(() => live.events.length === 1);
    expect(live.events[0].notificationReceived.notification.task.id).toBe(task.id);
    expect(await notificationsAbout(task.id)).toHaveLength(1);
    await live.stop();
  });

  it('while a person who changes their own task is not told', async () => {
    const { grace, projectId } = team;
    const own = await createTask(grace, { projectId, title: 'My own', assigneeId: grace.id });
    const other = await createTask(team.ada, { projectId, title: 'Marker', assigneeId: grace.id });
    await waitFor(async () => (await notificationsAbout(other.id)).length === 1);
    expect(await notificationsAbout(own.id)).toEqual([]);
  });
});

describe('entities cross subgraphs', () => {
  it('in one query over users, tasks and comments', async () => {
    const { ada, grace, projectId } = team;
    const task = await createTask(ada, { projectId, title: 'Fix the footer', assigneeId: grace.id });
    await grace.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }', {
      input: { taskId: task.id, body: 'On it' },
    });
    const query = `query ($id: ID!) {
      task(id: $id) { title assignee { name } comments(first: 3) { nodes { body author { name } } } }
    }`;
    expect(await ada.ask(query, { id: task.id })).toEqual({
      task: {
        title: 'Fix the footer',
        assignee: { name: 'Grace' },
        comments: { nodes: [{ body: 'On it', author: { name: 'Grace' } }] },
      },
    });
    await waitFor(async () =>
      (await notificationsAbout(task.id)).some((row) => row.kind === 'COMMENT_ADDED' && row.recipient_id === ada.id),
    );
  });

  it('with the fields of a subgraph that is down as null, and the rest as it is', async () => {
    const { ada, projectId } = team;
    const task = await createTask(ada, { projectId, title: 'Half the truth' });
    await system.stopService('comments');
    const answer = await ada.answer('query ($id: ID!) { task(id: $id) { title comments { nodes { body } } } }', {
      id: task.id,
    });
    await system.startService('comments');
    expect(answer.data).toEqual({ task: { title: 'Half the truth', comments: null } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', serviceName: 'comments' });
  });

  it('and edits merge or conflict by version', async () => {
    const { ada, grace, projectId } = team;
    const task = await createTask(ada, { projectId, title: 'Draft' });
    const update = `mutation ($input: UpdateTaskInput!) {
      updateTask(input: $input) {
        ... on UpdateTaskPayload { task { title status version } }
        ... on UpdateTaskConflict { task { title } fields { field base theirs yours } }
      }
    }`;
    await grace.ask(update, { input: { id: task.id, version: 1, title: 'Final' } });
    expect((await ada.ask(update, { input: { id: task.id, version: 1, status: 'DONE' } })).updateTask).toEqual({
      task: { title: 'Final', status: 'DONE', version: 3 },
    });
    expect((await ada.ask(update, { input: { id: task.id, version: 1, title: 'Other' } })).updateTask).toEqual({
      task: { title: 'Final' },
      fields: [{ field: 'title', base: '"Draft"', theirs: '"Final"', yours: '"Other"' }],
    });
  });
});

describe('one search in the logs', () => {
  it('shows the whole line: gateway, tasks and notifications, by the trace id of the request', async () => {
    const { ada, grace, projectId } = team;
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await ada.ask(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
      { input: { projectId, title: 'Follow me', assigneeId: grace.id } },
      { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    );
    const services = () => new Set(system.logs.filter((line) => line.trace_id === traceId).map((line) => line.service));
    await waitFor(() => ['gateway', 'tasks', 'notifications'].every((name) => services().has(name)));
  });
});
