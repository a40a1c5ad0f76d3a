import { waitFor } from '#platform/testing/waitFor.ts';
import { startTeam } from '../person.ts';
import { countEverywhere, countNotified, countTasks, feedIsGapless } from './stage/counts.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { describeRetries, startLoad } from './stage/startLoad.ts';
import { untilAll } from './stage/untilAll.ts';

/** A retry of a create mutation is safe, and the outbox has whatever a killed process could not publish. */
export const killTasks = defineScenario({
  name: 'kill-tasks',
  title: 'kill -9 the tasks subgraph at random moments during createTask calls',
  needs: 'system',
  full: { calls: 2_000, kills: 10 },
  short: { calls: 150, kills: 2 },
  async run(stage, { calls, kills }) {
    const { system, random } = stage;
    const { ada, grace, projectId } = await startTeam(system);
    const moments = random.moments(kills, calls);
    const load = startLoad({ person: ada, projectId, assigneeId: grace.id, count: calls });
    for (const moment of moments) {
      await load.reached(moment);
      await system.killService('tasks');
      await system.startService('tasks');
    }
    await load.done;
    stage.did(
      `killed it after ${moments.join(', ')} acknowledged calls; repeated: ${describeRetries(load.retries)}; sent again although acknowledged: ${load.sentAgain()}`,
    );
    await untilAll(() => countNotified(system, load.ids), calls);
    await waitFor(async () => (await countEverywhere(system, 'outbox')) === 0, { timeoutMs: 30_000, everyMs: 100 });

    const counts = await countTasks(stage, load.ids);
    stage.counted({ ...counts, kills });
    const all = [counts.tasks, counts.events, counts['in the stream'], counts.notifications, counts.activities];
    stage.check(
      'every call is acknowledged, and none refused',
      load.acknowledged() === calls && load.refusals.length === 0,
    );
    stage.check(
      'tasks = events = in the stream = notifications = activities',
      all.every((count) => count === calls),
    );
    stage.check('0 lost, 0 twice', counts.lost === 0 && counts.twice === 0);
    stage.check("the recipient's feed has no gap and no repeat", await feedIsGapless(system, grace.id));
    stage.check('0 dead letters', (await countEverywhere(system, 'dead_letter')) === 0);
  },
});
