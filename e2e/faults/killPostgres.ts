import { subgraphs } from '#dev/subgraphs.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createTask, startTeam } from '../person.ts';
import { countEverywhere, countNotified, countTasks, feedIsGapless } from './stage/counts.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { describeRetries, startLoad } from './stage/startLoad.ts';
import { untilAll } from './stage/untilAll.ts';

const patienceMs = 15_000;
/** So many assignees may wait to be told before calls wait, too: who recovers shall not be judged by the queue before him. */
const mostWaiting = 40;

/** What was acknowledged is in the database; services outlive it and go on by themselves. */
export const killPostgres = defineScenario({
  name: 'kill-postgres',
  title: 'kill -9 Postgres during createTask calls, and start it again',
  needs: 'system',
  full: { calls: 1_500, kills: 3 },
  short: { calls: 120, kills: 1 },
  async run(stage, { calls, kills }) {
    const { system, random } = stage;
    const server = system.servers.postgres;
    if (!server) throw new Error('This needs a Postgres of its own');
    const { ada, grace, projectId } = await startTeam(system);
    const pids = () => subgraphs.map((name) => system.pid(name)).join();
    const before = pids();
    const moments = random.moments(kills, calls);
    let ahead = false;
    const load = startLoad({ person: ada, projectId, assigneeId: grace.id, count: calls, isAhead: () => ahead });
    const counting = setInterval(() => {
      countNotified(system, load.ids).then(
        (told) => {
          ahead = load.acknowledged() - told > mostWaiting;
        },
        // Postgres is away.
        () => {},
      );
    }, 100);
    stage.scope.defer('counting', () => clearInterval(counting));
    const recoveries: number[] = [];
    for (const moment of moments) {
      await load.reached(moment);
      await server.kill();
      // Backends that die a moment later than their parent still hold its shared memory: it then refuses to start.
      await waitFor(() => server.start().then(() => true), { timeoutMs: 30_000, everyMs: 100 });
      const start = performance.now();
      const ready = async () => {
        const answers = await Promise.all(
          subgraphs.map((name) =>
            fetch(`${system.urls.services[name]}/readyz`, { signal: AbortSignal.timeout(3_000) }),
          ),
        );
        return answers.every(({ ok }) => ok);
      };
      const since = () => Math.round(performance.now() - start);
      await waitFor(ready, { timeoutMs: 60_000, everyMs: 50 });
      const readyAfter = since();
      const marker = await waitFor(() => createTask(ada, { projectId, title: 'After', assigneeId: grace.id }), {
        timeoutMs: 60_000,
      });
      const acceptedAfter = since();
      await waitFor(async () => (await countNotified(system, [marker.id])) === 1, { timeoutMs: 60_000, everyMs: 20 });
      recoveries.push(since());
      stage.did(
        `killed it after ${moment} calls; ${readyAfter} ms after it answered again all were ready, after ${acceptedAfter} ms a new task was accepted, after ${since()} ms its assignee told`,
      );
    }
    await load.done;
    stage.did(`repeated calls: ${describeRetries(load.retries)}`);
    await untilAll(() => countNotified(system, load.ids), calls);
    await waitFor(async () => (await countEverywhere(system, 'outbox')) === 0, { timeoutMs: 30_000, everyMs: 100 });

    const counts = await countTasks(stage, load.ids);
    const dead = await countEverywhere(system, 'dead_letter');
    stage.counted({ acknowledged: load.acknowledged(), ...counts, 'dead letters': dead, kills });
    stage.counted({ 'longest recovery': `${Math.max(...recoveries)} ms` });
    stage.check('every acknowledged mutation is there', load.acknowledged() === calls && counts.tasks === calls);
    stage.check(`no call was refused: ${[...new Set(load.refusals)].join(', ') || 'none'}`, load.refusals.length === 0);
    stage.check('0 lost, 0 twice', counts.lost === 0 && counts.twice === 0);
    stage.check('services recovered within 15 s', Math.max(...recoveries) < patienceMs);
    stage.check('without a restart: the processes are the same', pids() === before);
    stage.check("the recipient's feed has no gap and no repeat", await feedIsGapless(system, grace.id));
    stage.check('0 dead letters', dead === 0);
  },
});
