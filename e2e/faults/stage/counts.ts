import type { NatsConnection } from '@nats-io/transport-node';
import { type SubgraphName, subgraphs } from '#dev/subgraphs.ts';
import type { TestSystem } from '../../testSystem.ts';
import { readStream, surplus } from './streamTools.ts';
import { untilAll } from './untilAll.ts';

/**
 * What became of createTask calls: in the tables of tasks, in its history, in the stream, in the recipient's feed, in the
 * project's. And of comments on these tasks, where there are any.
 */
export type TaskCounts = {
  tasks: number;
  events: number;
  'in the stream': number;
  notifications: number;
  /** Events of the tasks, of any kind, that the feed of their project has. */
  activities: number;
  /** Comments on the tasks; none where there are none. */
  comments?: number;
  /** Tasks, events and comments that are missing anywhere, and the gaps in feeds. */
  lost: number;
  /** What there is beyond one each. */
  twice: number;
};

/** Counts what became of the tasks with these ids, as soon as all of their activities are there, or no more come. */
export async function countTasks(ground: { system: TestSystem; nats: NatsConnection }, ids: string[]) {
  const { system, nats } = ground;
  const list = async (subgraph: SubgraphName, sql: string) =>
    (await system.sql<{ id: string }>(subgraph, sql, [ids])).map(({ id }) => id);
  const wanted = new Set(ids);
  const found = {
    tasks: await list('tasks', 'select id from task where id = any($1::uuid[])'),
    events: await list(
      'tasks',
      `select aggregate_id as id from backbone.event
       where type = 'tasks.task.created.v1' and aggregate_id = any($1::uuid[])`,
    ),
    'in the stream': (await readStream(nats, 'tasks')).flatMap(({ subject, aggregateId }) =>
      aggregateId && wanted.has(aggregateId) && subject.endsWith('.created') ? [aggregateId] : [],
    ),
    notifications: await list(
      'notifications',
      `select task_id as id from notification where kind = 'TASK_ASSIGNED' and task_id = any($1::uuid[])`,
    ),
  };
  const lists = Object.values(found).map((list) => new Set(list));
  const lost = ids.filter((id) => lists.some((list) => !list.has(id))).length;
  // A copy in the stream is what the inboxes are for; an effect has to be single.
  const effects = [found.tasks, found.events, found.notifications];
  const twice = effects.reduce((sum, list) => sum + surplus(list), 0);
  const counts = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, new Set(list).size]));
  const [activities, comments] = [await countActivities(system, ids), await countComments(system, ids)];
  return {
    ...counts,
    activities: activities.there,
    ...(comments.there > 0 && { comments: comments.there }),
    lost: lost + activities.lost + comments.lost,
    twice: twice + activities.twice + comments.twice,
  } as TaskCounts;
}

type Tally = { there: number; lost: number; twice: number };

/** The feeds of the tasks' projects: each event of a task once, its sequences from 1 to the last that was given out. */
async function countActivities(system: TestSystem, ids: string[]): Promise<Tally> {
  const events = await system.sql<{ id: string }>(
    'tasks',
    `select id from backbone.event where type like 'tasks.task.%' and aggregate_id = any($1::uuid[])`,
    [ids],
  );
  const feeds = await system.sql<{ id: string }>(
    'tasks',
    'select distinct project_id as id from task where id = any($1::uuid[])',
    [ids],
  );
  return tallyActivities(system, { subject: 'PROJECT', feeds, events });
}

/** The comments on the tasks: each in the feed of its task, and with the notifications of those whom it concerns. */
async function countComments(system: TestSystem, ids: string[]): Promise<Tally> {
  const events = await system.sql<{ id: string; about: string[] }>(
    'comments',
    `select id, array_remove(array[data -> 'task' ->> 'creatorId', nullif(data -> 'task' ->> 'assigneeId',
        data -> 'task' ->> 'creatorId')], data -> 'comment' ->> 'authorId') as about
     from backbone.event
     where type = 'comments.comment.added.v1' and data -> 'comment' ->> 'taskId' = any($1::text[])`,
    [ids],
  );
  const feeds = await system.sql<{ id: string }>(
    'notifications',
    `select distinct subject_id as id from activity_feed where subject = 'TASK' and subject_id = any($1::uuid[])`,
    [ids],
  );
  const wanted = events.flatMap(({ id, about }) =>
    about.flatMap((person) => (person === null ? [] : [`${id} ${person}`])),
  );
  const told = async () =>
    (
      await system.sql<{ key: string }>(
        'notifications',
        `select event_id || ' ' || recipient_id as key from notification
         where kind = 'COMMENT_ADDED' and event_id = any($1::uuid[])`,
        [events.map(({ id }) => id)],
      )
    ).map(({ key }) => key);
  await untilAll(async () => (await told()).length, wanted.length, patienceMs).catch(() => {});
  const keys = await told();
  const missing = wanted.filter((key) => !keys.includes(key)).length;
  const activities = await tallyActivities(system, { subject: 'TASK', feeds, events });
  return {
    there: events.length,
    lost: missing + activities.lost,
    twice: keys.length - wanted.length + missing + activities.twice,
  };
}

/** How long nothing more may come before what is not there is counted as lost. */
const patienceMs = 20_000;

/** What of these events these feeds have. */
async function tallyActivities(
  system: TestSystem,
  wanted: { subject: 'PROJECT' | 'TASK'; feeds: { id: string }[]; events: { id: string }[] },
): Promise<Tally> {
  const { subject, feeds, events } = wanted;
  const written = async () =>
    (
      await system.sql<{ id: string }>(
        'notifications',
        'select event_id as id from activity where event_id = any($1::uuid[])',
        [events.map(({ id }) => id)],
      )
    ).map(({ id }) => id);
  await untilAll(async () => (await written()).length, events.length, patienceMs).catch(() => {});
  const ids = await written();
  const there = new Set(ids);
  const [gaps] = await system.sql<{ n: number }>(
    'notifications',
    `select coalesce(sum(abs(f.last_sequence - a.n) + (a.last - a.n) + (a.n - a.places)), 0)::int as n
     from activity_feed f
     cross join lateral (
       select count(*) as n, coalesce(max(sequence), 0) as last, count(distinct sequence) as places from activity a
       where a.subject = f.subject and a.subject_id = f.subject_id
     ) as a
     where f.subject = $1::activity_subject and f.subject_id = any($2::uuid[])`,
    [subject, feeds.map(({ id }) => id)],
  );
  return {
    there: there.size,
    lost: events.filter(({ id }) => !there.has(id)).length + (gaps?.n ?? 0),
    twice: surplus(ids),
  };
}

/** How many notifications there are so far of the assignment of these tasks. */
export async function countNotified(system: TestSystem, ids: string[]): Promise<number> {
  const [row] = await system.sql<{ n: number }>(
    'notifications',
    `select count(*)::int as n from notification where kind = 'TASK_ASSIGNED' and task_id = any($1::uuid[])`,
    [ids],
  );
  return row?.n ?? 0;
}

/** Rows of a table of the backbone, over all subgraphs. */
export async function countEverywhere(system: TestSystem, table: 'outbox' | 'dead_letter'): Promise<number> {
  const counts = await Promise.all(
    subgraphs.map((name) => system.sql<{ n: number }>(name, `select count(*)::int as n from backbone.${table}`)),
  );
  return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
}

/** Whether a recipient's feed has the sequences 1, 2, 3 … without a gap or a repeat. */
export async function feedIsGapless(system: TestSystem, recipientId: string): Promise<boolean> {
  const rows = await system.sql<{ sequence: number }>(
    'notifications',
    'select sequence from notification where recipient_id = $1 order by sequence',
    [recipientId],
  );
  return rows.every(({ sequence }, index) => sequence === index + 1);
}

/** The events that a subgraph has committed and its stream does not hold. */
export async function missingInStream(
  { system, nats }: { system: TestSystem; nats: NatsConnection },
  subgraph: SubgraphName,
): Promise<{ events: number; missing: number }> {
  const held = new Set((await readStream(nats, subgraph)).map(({ id }) => id));
  const rows = await system.sql<{ id: string }>(subgraph, 'select id from backbone.event');
  return { events: rows.length, missing: rows.filter(({ id }) => !held.has(id)).length };
}
