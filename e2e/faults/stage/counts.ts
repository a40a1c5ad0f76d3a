import type { NatsConnection } from '@nats-io/transport-node';
import { type SubgraphName, subgraphs } from '#dev/subgraphs.ts';
import type { TestSystem } from '../../testSystem.ts';
import { readStream, surplus } from './streamTools.ts';

/** What became of createTask calls: in the tables of tasks, in its history, in the stream, in the recipient's feed. */
export type TaskCounts = {
  tasks: number;
  events: number;
  'in the stream': number;
  notifications: number;
  /** Ids that are missing anywhere. */
  lost: number;
  /** What there is beyond one each. */
  twice: number;
};

/** Counts what became of the tasks with these ids. */
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
  const lists = Object.values(found);
  const lost = ids.filter((id) => lists.some((list) => !list.includes(id))).length;
  // A copy in the stream is what the inboxes are for; an effect has to be single.
  const effects = [found.tasks, found.events, found.notifications];
  const twice = effects.reduce((sum, list) => sum + surplus(list), 0);
  const counts = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, new Set(list).size]));
  return { ...counts, lost, twice } as TaskCounts;
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
