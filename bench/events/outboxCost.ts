import type { GuardedClient } from '#platform/identity/guardedCall.ts';
import { newId } from '#platform/ids.ts';
import { createOutbox, type Outbox } from '#platform/outbox/createOutbox.ts';
import { createScope } from '#platform/service/scope.ts';
import { createTask } from '../../subgraphs/tasks/src/commands/createTask.ts';
import { createContext } from '../../subgraphs/tasks/src/context.ts';
import { createMemberships } from '../../subgraphs/tasks/src/memberships.ts';
import { createWorkspaces } from '../../subgraphs/tasks/src/workspaces.ts';
import type { Ground } from '../ground.ts';
import { type Latency, latencyOf, type Spread, showSpread, spreadOf } from '../statistics.ts';
import { connectBackbone, type Transaction } from './backbone.ts';

/** createTask with the outbox (event, outbox row, publish) and without it (the same transaction, no event at all). */
export type OutboxCost = {
  rounds: number;
  tasks: number;
  events: number;
  with: { perSecond: Spread; p50: Spread };
  without: { perSecond: Spread; p50: Spread };
  /** Without to with: how many times as many. */
  throughput: Spread;
};

const clients = 8;

/** Runs the command itself, in this process, in turns with and without; eight at a time. */
export async function measureOutboxCost(
  { system, database }: Ground,
  size: { rounds: number; tasks: number },
): Promise<OutboxCost> {
  const scope = createScope({ seconds: 20 });
  try {
    const databaseUrl = await database('tasks');
    const backbone = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: 'tasks', scope });
    const { prisma, pool, nats } = backbone;
    await nats.whenConnected(scope.signal);
    const outbox = createOutbox<Transaction>({ ...backbone, publisher: 'tasks', sweep: true });
    const none: Outbox<Transaction> = {
      commit: (work) => prisma.$transaction((tx) => work(tx, () => {})),
      publishing: () => false,
    };
    const [workspaceId, userId] = [newId(), newId()];
    // Everything that is asked lies in the projection.
    const users = {
      call: () => Promise.reject(new Error('There is no users in this bench')),
    } as unknown as GuardedClient;
    const memberships = createMemberships(users, () => true);
    const workspaces = createWorkspaces(users, () => true);
    const deps = { prisma, memberships, workspaces, now: () => new Date() };
    const call = { caller: 'gateway', viewer: { userId, sessionId: newId() }, clientAddress: null };
    // A project for each client: one project would be a queue for its row.
    const projects = Array.from({ length: clients }, () => newId());
    await pool.query(`insert into membership (workspace_id, user_id, role, version) values ($1, $2, 'OWNER', 1)`, [
      workspaceId,
      userId,
    ]);
    await pool.query('insert into workspace (id, archived, version) values ($1, false, 1)', [workspaceId]);
    for (const [index, id] of projects.entries()) {
      await pool.query(
        `insert into project (id, workspace_id, key, name, creator_id, created_at) values ($1, $2, $3, 'Bench', $4, now())`,
        [id, workspaceId, `B${index}A`, userId],
      );
    }
    const run = async (through: Outbox<Transaction>, tasks: number): Promise<Latency & { perSecond: number }> => {
      const took: number[] = [];
      const begin = performance.now();
      await Promise.all(
        projects.map(async (projectId) => {
          for (let index = 0; index < tasks / clients; index++) {
            const at = performance.now();
            const context = createContext({ ...deps, outbox: through }, call);
            await createTask(context, { projectId, title: 'A task of the bench', status: 'TODO' });
            took.push(performance.now() - at);
          }
        }),
      );
      return { ...latencyOf(took), perSecond: took.length / ((performance.now() - begin) / 1000) };
    };
    const ways = { with: outbox, without: none };
    for (const way of Object.values(ways)) await run(way, 200);
    const rounds = { with: [] as Awaited<ReturnType<typeof run>>[], without: [] as Awaited<ReturnType<typeof run>>[] };
    for (let index = 0; index < size.rounds; index++) {
      for (const name of index % 2 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        rounds[name].push(await run(ways[name], size.tasks));
      }
    }
    const spread = (name: 'with' | 'without') => ({
      perSecond: spreadOf(rounds[name].map((one) => one.perSecond)),
      p50: spreadOf(rounds[name].map((one) => one.p50)),
    });
    const count = async (sql: string) => Number((await pool.query(`select count(*) as n from ${sql}`)).rows[0].n);
    return {
      rounds: size.rounds,
      tasks: await count('task'),
      events: await count('backbone.event'),
      with: spread('with'),
      without: spread('without'),
      throughput: spreadOf(
        rounds.with.map((one, index) => one.perSecond / (rounds.without[index]?.perSecond ?? Number.NaN)),
      ),
    };
  } finally {
    await scope.close();
  }
}

/** The figures as text. */
export const showOutboxCost = (cost: OutboxCost): string =>
  [
    `createTask with and without the outbox, ${clients} at a time (median of ${cost.rounds} rounds, lowest–highest)`,
    `  with     ${showSpread(cost.with.perSecond)} tasks/s, p50 ${showSpread(cost.with.p50)} ms`,
    `  without  ${showSpread(cost.without.perSecond)} tasks/s, p50 ${showSpread(cost.without.p50)} ms`,
    `  throughput x${showSpread(cost.throughput)}`,
  ].join('\n');
