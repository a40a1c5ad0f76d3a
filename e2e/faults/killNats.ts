import { waitFor } from '#platform/testing/waitFor.ts';
import { startTeam } from '../person.ts';
import { countEverywhere, countNotified, countTasks, feedIsGapless } from './stage/counts.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { describeRetries, startLoad } from './stage/startLoad.ts';
import { reconnected } from './stage/streamTools.ts';
import { untilAll } from './stage/untilAll.ts';
import { tapAcknowledgements } from './stage/wiretap.ts';

/** Mutations do not need NATS; what was under way when it died is delivered again, and has no second effect. */
export const killNats = defineScenario({
  name: 'kill-nats',
  title: 'kill -9 nats-server at random moments during createTask calls',
  needs: 'system',
  full: { calls: 3_000, kills: 10 },
  short: { calls: 240, kills: 3 },
  async run(stage, { calls, kills }) {
    const { system, nats, random, scope } = stage;
    const server = system.servers.nats;
    if (!server) throw new Error('This needs a NATS of its own');
    const { ada, grace, projectId } = await startTeam(system);
    const tap = tapAcknowledgements(nats, 'tasks', scope);
    const moments = random.moments(kills, calls);
    const load = startLoad({ person: ada, projectId, assigneeId: grace.id, count: calls, clients: 16 });
    for (const moment of moments) {
      await load.reached(moment);
      await server.kill();
      await server.start();
      // The next kill should find a system that works, not one that still connects.
      await reconnected(nats);
      const before = await countNotified(system, load.ids);
      await waitFor(async () => (await countNotified(system, load.ids)) > before || before >= load.acknowledged(), {
        timeoutMs: 30_000,
        everyMs: 50,
      });
    }
    await load.done;
    stage.did(`killed it after ${moments.join(', ')} acknowledged calls; repeated: ${describeRetries(load.retries)}`);
    await untilAll(() => countNotified(system, load.ids), calls);
    await waitFor(async () => (await countEverywhere(system, 'outbox')) === 0, { timeoutMs: 30_000, everyMs: 100 });
    await waitFor(() => tap.redeliveries() > 0, { timeoutMs: 15_000 }).catch(() => {});

    const counts = await countTasks(stage, load.ids);
    stage.counted({ ...counts, kills, redeliveries: tap.redeliveries() });
    stage.check(
      'every call is acknowledged, and none refused',
      load.acknowledged() === calls && load.refusals.length === 0,
    );
    stage.check('0 lost, 0 double effects', counts.lost === 0 && counts.twice === 0);
    stage.check('redeliveries were observed', tap.redeliveries() > 0);
    stage.check("the recipient's feed has no gap and no repeat", await feedIsGapless(system, grace.id));
    stage.check('0 dead letters', (await countEverywhere(system, 'dead_letter')) === 0);
  },
});
