import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { subgraphs } from '#dev/subgraphs.ts';
import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { startTeam } from '../person.ts';
import { countEverywhere, countNotified, countTasks, feedIsGapless, missingInStream } from './stage/counts.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { startLoad } from './stage/startLoad.ts';
import type { Stage } from './stage/startStage.ts';
import { reconnected } from './stage/streamTools.ts';
import { untilAll } from './stage/untilAll.ts';

const patienceMs = 60_000;

/** The event tables are the record, the streams are copies: whatever these lose is put back. */
export const loseStream = defineScenario({
  name: 'lose-stream',
  title: "delete NATS's store while it is down; then roll it back to an older copy while another publisher overtakes",
  needs: 'system',
  full: { before: 1_000, during: 500, after: 1_000 },
  short: { before: 60, during: 30, after: 60 },
  async run(stage, { before, during, after }) {
    const { system } = stage;
    const { ada, grace, projectId } = await startTeam(system);
    const ids: string[] = [];
    const create = async (count: number) => {
      const load = startLoad({ person: ada, projectId, assigneeId: grace.id, count });
      await load.done;
      ids.push(...load.ids);
    };
    const told = () => untilAll(() => countNotified(system, ids), ids.length);

    await create(before);
    await told();
    // Every stream has something to lose.
    const commented = 5;
    await comment(ada, ids.slice(0, commented));
    await markRead(grace);
    await everythingPublished(stage);
    const { nats: server } = system.servers;
    if (!server) throw new Error('This needs a NATS of its own');
    const store = path.join(system.dataDir, 'nats');

    await server.kill();
    rmSync(store, { recursive: true });
    await create(during);
    await server.start();
    const emptied = await everythingBack(stage);
    stage.did(`deleted the store, created ${during} tasks meanwhile; all was back ${emptied} ms after NATS answered`);
    await told();

    await everythingPublished(stage);
    await server.stop();
    const copy = `${store}.copy`;
    rmSync(copy, { recursive: true, force: true });
    cpSync(store, copy, { recursive: true });
    await server.start();
    await create(after);
    await told();
    await everythingPublished(stage);
    await server.kill();
    rmSync(store, { recursive: true });
    cpSync(copy, store, { recursive: true });
    const strangers = after + 20;
    const freed = await whileFrozen(stage, async () => {
      await server.start();
      await overtake(stage, strangers);
    });
    await everythingBack(stage);
    const rolledBack = Math.round(performance.now() - freed);
    stage.did(
      `rolled it back by ${after} tasks, ${strangers} messages of another publisher came first; all was back after ${rolledBack} ms`,
    );
    await create(1);
    await told();

    const counts = await countTasks(stage, ids);
    const dead = await countEverywhere(system, 'dead_letter');
    const missing = await Promise.all(subgraphs.map((name) => missingInStream(stage, name)));
    const sum = (key: 'events' | 'missing') => missing.reduce((total, one) => total + one[key], 0);
    stage.counted({ 'events of all subgraphs': sum('events'), 'not in a stream': sum('missing') });
    stage.counted({ ...counts, 'dead letters': dead });
    stage.counted({ 'back after the deletion': `${emptied} ms`, 'back after the roll-back': `${rolledBack} ms` });
    stage.check('every committed event is in its stream again', sum('missing') === 0);
    stage.check('within 60 s', Math.max(emptied, rolledBack) < patienceMs);
    stage.check('0 lost', counts.lost === 0 && counts.notifications === ids.length && counts.comments === commented);
    stage.check('0 double notifications', counts.twice === 0 && (await feedIsGapless(system, grace.id)));
    stage.check('0 dead letters', dead === 0);
  },
});

type Person = Awaited<ReturnType<typeof startTeam>>['ada'];

async function comment(person: Person, taskIds: string[]) {
  for (const taskId of taskIds) {
    // comments may not have heard of the task yet.
    await waitFor(
      () =>
        person.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }', {
          input: { taskId, body: 'So be it' },
        }),
      { timeoutMs: 10_000 },
    );
  }
}

async function markRead(person: Person) {
  const { notifications } = await person.ask('{ notifications(first: 5) { nodes { id } } }');
  for (const { id } of notifications.nodes) {
    await person.ask(
      'mutation ($input: MarkNotificationReadInput!) { markNotificationRead(input: $input) { unreadNotificationCount } }',
      { input: { id } },
    );
  }
}

/** Nothing waits in an outbox: all is acknowledged, and recorded as such. */
async function everythingPublished({ system }: Stage) {
  await waitFor(async () => (await countEverywhere(system, 'outbox')) === 0, { timeoutMs: 30_000, everyMs: 50 });
}

/** Waits until the streams hold every event of every database; returns how long that took, in milliseconds. */
async function everythingBack(stage: Stage): Promise<number> {
  const start = performance.now();
  await reconnected(stage.nats);
  await waitFor(
    async () => {
      const all = await Promise.all(subgraphs.map((name) => missingInStream(stage, name)));
      return all.every(({ missing }) => missing === 0);
    },
    { timeoutMs: patienceMs * 2, everyMs: 100 },
  );
  return Math.round(performance.now() - start);
}

/** Stops every subgraph in its tracks, so that none can notice anything. Returns when they went on. */
async function whileFrozen({ system }: Stage, work: () => Promise<void>): Promise<number> {
  const pids = subgraphs.flatMap((name) => system.pid(name) ?? []);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
  return performance.now();
}

/** Somebody else's messages take the places of those that are lost. */
async function overtake({ nats }: Stage, count: number) {
  await reconnected(nats);
  const client = jetstream(nats);
  for (let batch = 0; batch < count; batch += 50) {
    const size = Math.min(50, count - batch);
    await Promise.all(
      Array.from({ length: size }, () => client.publish(`tasks.other.${newId()}.made`, 'x', { msgID: newId() })),
    );
  }
}
