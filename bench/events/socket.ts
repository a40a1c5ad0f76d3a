import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocket } from 'ws';
import { callKeysOf, loadSecrets } from '#dev/secrets.ts';
import { TaskCreated } from '#events/tasks.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { newId } from '#platform/ids.ts';
import { signedOperation } from '#platform/live/serveSubscriptions.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import type { Scope } from '#platform/service/scope.ts';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import type { Ground } from '../ground.ts';
import { type Latency, latencyOf } from '../statistics.ts';
import { table } from '../table.ts';
import { connectBackbone, type Transaction, watchCommits } from './backbone.ts';
import { type Bounds, showBounds } from './bounds.ts';
import { steadily } from './steady.ts';

/** Commit → graphql-ws client, in milliseconds, and the stages on the way. */
export type SocketFigures = {
  perSecond: number;
  sent: number;
  received: number;
  total: Latency;
  stages: Record<string, Latency>;
  /** Milliseconds, on a quiet machine. */
  bounds: Bounds;
};

/** When an event came by each place, in milliseconds since 1970. */
type Passage = {
  commit?: number;
  stream?: number;
  begun?: number;
  published?: number;
  redis?: number;
  client?: number;
};

const recipients = 20;
const query = 'subscription { notificationReceived { cursor notification { id title kind task { id } createdAt } } }';
const now = () => performance.timeOrigin + performance.now();

/**
 * Commits tasks that are assigned to people, with the notifications subgraph as a process of its own, and a socket open for
 * each of these people. All clocks are this machine's: this process', the stream's, Postgres' and Redis'.
 */
export async function measureSocket(
  { system, database }: Ground,
  size: { perSecond: number; seconds: number; warmSeconds: number },
): Promise<SocketFigures> {
  const scope = createScope({ seconds: 20 });
  try {
    const passages = new Map<string, Passage>();
    const pass = (task: string, place: keyof Passage, at: number) => {
      const passage = passages.get(task);
      if (passage) passage[place] ??= at;
    };
    const { people, workspaceId } = await writePeople(system.urls.databases.notifications);
    const databaseUrl = await database('socket');
    const backbone = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: 'tasks', scope });
    await backbone.nats.whenConnected(scope.signal);
    const prisma = watchCommits(backbone.prisma, (task) => pass(String(task), 'commit', now()));
    const outbox = createOutbox<Transaction>({ ...backbone, publisher: 'tasks', sweep: true, prisma });
    await watchRedis(system.urls.redis, scope, pass);
    const secrets = loadSecrets(join(system.dataDir, 'secrets.json'));
    const keys = parseCallKeys(callKeysOf(secrets, 'gateway'), false);
    for (const userId of people) {
      const call = {
        keys,
        caller: 'gateway',
        callee: 'notifications',
        path: '/graphql',
        clientAddress: null,
        mutation: false,
      };
      const viewer = { userId, sessionId: newId() };
      const extensions = { call: signCall({ ...call, viewer, body: signedOperation({ query }) }) };
      listen(`${system.urls.services.notifications.replace('http', 'ws')}/graphql`, extensions, scope, (task) =>
        pass(task, 'client', now()),
      );
    }
    const channels = async (redis: Redis) => ((await redis.pubsub('CHANNELS', '*')) as string[]).length;
    const asking = new Redis(system.urls.redis);
    scope.defer('redis', () => asking.disconnect());
    await waitFor(async () => (await channels(asking)) >= recipients, { timeoutMs: 20_000 });

    const commit = (index: number) =>
      outbox.commit(async (_tx, record) => {
        const id = newId();
        passages.set(id, {});
        const [creatorId, assigneeId] = [newId(), people[index % people.length] as string];
        const task = {
          id,
          workspaceId,
          projectId: newId(),
          key: `WEB-${index}`,
          title: 'Fix the header',
          status: 'TODO' as const,
          ...{ priority: 'NONE' as const, start: null, due: null, estimate: null, description: '' },
        };
        record(TaskCreated, {
          aggregateId: id,
          version: 1,
          actorId: null,
          data: { task: { ...task, creatorId, assigneeId } },
        });
        return id;
      });
    const received = () => [...passages.values()].filter(({ client }) => client !== undefined).length;
    await commit(0);
    const warm = await steadily({ perSecond: size.perSecond / 2, seconds: size.warmSeconds, call: commit });
    await waitFor(() => received() === 1 + warm.calls - warm.failed, { timeoutMs: 20_000 });
    passages.clear();
    const { calls, failed } = await steadily({ ...size, call: commit });
    const sent = calls - failed;
    await waitFor(() => received() === sent, { timeoutMs: 20_000 }).catch(() => {});
    await addDatabaseTimes(system.urls.databases.notifications, databaseUrl, pass);
    await addStreamTimes(backbone.nats, warm.calls + calls + 1, pass);
    return sumUp(size.perSecond, sent, [...passages.values()]);
  } finally {
    await scope.close();
  }
}

/** People without an address, so that no mail is in the way, in one workspace: what their events would have told. */
async function writePeople(url: string): Promise<{ people: string[]; workspaceId: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const people = Array.from({ length: recipients }, () => newId());
  const workspaceId = newId();
  await client.query(
    `with one as (select unnest($1::uuid[]) as id), person as (
       insert into person (id, name, email, version) select id, 'Somebody', '', 1 from one
     )
     insert into membership (workspace_id, user_id, role, version) select $2, id, 'MEMBER', 1 from one`,
    [people, workspaceId],
  );
  await client.end();
  return { people, workspaceId };
}

type Pass = (task: string, place: keyof Passage, at: number) => void;

/** When Redis was given a hint (MONITOR has its clock), and when a subscriber in this process has it. */
async function watchRedis(url: string, scope: Scope, pass: Pass): Promise<void> {
  const taskOf = (payload: string) => /"taskId":"([^"]+)"/.exec(payload)?.[1] ?? '';
  const [subscriber, commands] = [new Redis(url), new Redis(url)];
  scope.defer('redis', () => {
    subscriber.disconnect();
    commands.disconnect();
  });
  subscriber.on('pmessage', (_pattern, _channel, payload: string) => pass(taskOf(payload), 'redis', now()));
  await subscriber.psubscribe('*');
  const monitor = await commands.monitor();
  scope.defer('monitor', () => monitor.disconnect());
  monitor.on('monitor', (time: string, [command, , payload]: string[]) => {
    if (command?.toLowerCase() === 'publish') pass(taskOf(payload ?? ''), 'published', Number(time) * 1000);
  });
}

function listen(url: string, extensions: Record<string, unknown>, scope: Scope, onTask: (id: string) => void): void {
  type Data = { notificationReceived: { notification: { task: { id: string } } } };
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  scope.defer('socket', () => client.dispose());
  client.subscribe<Data>(
    { query, extensions },
    {
      next: ({ data }) => data && onTask(data.notificationReceived.notification.task.id),
      error: (error) => console.error('A subscription failed', error),
      complete: () => {},
    },
  );
}

/** When the consumer's transactions began: the inbox has the time of its transaction. */
async function addDatabaseTimes(notificationsUrl: string, tasksUrl: string, pass: Pass): Promise<void> {
  const rows = async <Row>(url: string, sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client
      .query(sql)
      .then((result) => result.rows as Row[])
      .finally(() => client.end());
  };
  const events = await rows<{ id: string; task: string }>(
    tasksUrl,
    'select id, aggregate_id as task from backbone.event',
  );
  const tasks = new Map(events.map(({ id, task }) => [id, task]));
  const sql = `select event_id as id, extract(epoch from at)::float8 * 1000 as at from backbone.inbox
    where consumer = 'notifications-on-task-assigned'`;
  for (const { id, at } of await rows<{ id: string; at: number }>(notificationsUrl, sql)) {
    pass(tasks.get(id) ?? '', 'begun', at);
  }
}

/** When the stream has stored each event. */
async function addStreamTimes(
  nats: ReturnType<typeof connectBackbone>['nats'],
  count: number,
  pass: Pass,
): Promise<void> {
  const consumer = await nats.jetstream()?.consumers.get('tasks');
  const messages = await consumer?.fetch({ max_messages: count, expires: 5_000 });
  for await (const message of messages ?? []) {
    pass(message.subject.split('.')[2] ?? '', 'stream', message.info.timestampNanos / 1e6);
    if (message.info.pending === 0) break;
  }
}

function sumUp(perSecond: number, sent: number, passages: Passage[]): SocketFigures {
  const complete = passages.filter(({ client }) => client !== undefined);
  const between = (from: keyof Passage, to: keyof Passage) =>
    latencyOf(
      complete.flatMap((passage) => {
        const [a, b] = [passage[from], passage[to]];
        return a === undefined || b === undefined ? [] : [b - a];
      }),
    );
  const total = between('commit', 'client');
  return {
    perSecond,
    sent,
    received: complete.length,
    total,
    bounds: {
      'all of it, p50 ms': { value: total.p50, bound: 'below 5' },
      'all of it, p99 ms': { value: total.p99, bound: 'below 50' },
    },
    stages: {
      relay: between('commit', 'stream'),
      consumer: between('stream', 'begun'),
      database: between('begun', 'published'),
      Redis: between('published', 'redis'),
      socket: between('redis', 'client'),
    },
  };
}

/** The figures as text. */
export const showSocket = ({ perSecond, sent, received, total, stages, bounds }: SocketFigures): string =>
  [
    `Commit → graphql-ws client at ${perSecond}/s, ms (${received} of ${sent} received)`,
    table(
      ['', 'p50', 'p99', 'max'],
      Object.entries({ ...stages, 'all of it': total }).map(([name, { p50, p99, max }]) => [name, p50, p99, max]),
    ),
    showBounds(bounds),
  ].join('\n');
