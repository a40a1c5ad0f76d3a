import { newId } from '#platform/ids.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';
import { inversions, readStream } from './stage/streamTools.ts';

/** The order on the wire is not the order of the commits, and nobody relies on it. */
export const threeRelays = defineScenario({
  name: 'three-relays',
  title:
    'three relays update the same aggregates at once; each is frozen now and then between its commit and its publish',
  needs: 'servers',
  full: { aggregates: 50, updates: 200, freezes: 12 },
  short: { aggregates: 10, updates: 60, freezes: 3 },
  async run(stage, { aggregates, updates, freezes }) {
    const { nats, random } = stage;
    const { stream, sql, count, affected, outcome, startRelay, startConsumer } = await openWorkshop(
      stage,
      'three-relays',
    );
    const total = aggregates * updates;
    const ids = Array.from({ length: aggregates }, () => newId());
    await sql('insert into thing (id) select unnest($1::uuid[])', [ids]);
    const work = random.shuffled(ids.flatMap((id) => Array.from({ length: updates }, () => id)));
    const thirds = [0, 1, 2].map((which) => work.filter((_id, index) => index % 3 === which));

    await startConsumer();
    const relays = await Promise.all(thirds.map((third) => startRelay({ updates: third, clients: 4 })));
    for (const moment of random.moments(freezes, total)) {
      const frozen = relays[random.between(0, 2)] as (typeof relays)[0];
      await waitFor(async () => (await count('backbone.event')) >= moment, { timeoutMs: 120_000 });
      process.kill(frozen.pid, 'SIGSTOP');
      // Long enough for the others to go on, and for their sweepers to find what it has left in the outbox.
      await new Promise((resolve) => setTimeout(resolve, random.between(200, 1_800)));
      process.kill(frozen.pid, 'SIGCONT');
    }
    stage.did(`froze one of them ${freezes} times for 0.2 to 1.8 s`);
    await waitFor(async () => (await count('backbone.event')) === total, { timeoutMs: 180_000, everyMs: 50 });
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 60_000, everyMs: 50 });
    await waitFor(async () => (await affected()) >= total, { timeoutMs: 120_000, everyMs: 100 });
    const last = 'projection p join thing t on t.id = p.aggregate_id and t.version = p.version';
    await waitFor(async () => (await count(last)) === aggregates, { timeoutMs: 60_000, everyMs: 50 }).catch(() => {});

    const messages = (await readStream(nats, stream)).filter(({ aggregateId }) => aggregateId);
    const { handled, stated, both, twice } = await outcome();
    const events = await count('backbone.event');
    const lost = await count(
      'backbone.event where id not in (select event_id from effect) or id not in (select event_id from stated)',
    );
    const atLast = await count(`${last} where t.version = $1`, [updates]);
    const turned = inversions(messages);
    stage.counted({ events, 'in the stream': messages.length, inversions: turned });
    stage.counted({ 'projections at the last version': atLast });
    stage.counted({ 'handled by code': handled, 'by a statement': stated, lost, twice });
    stage.check('every update is an event in the stream', events === total && messages.length >= total);
    stage.check('there are inversions on the wire', turned > 0);
    stage.check('every projection ends at the last version', atLast === aggregates);
    stage.check('every fact is handled once', lost === 0 && both === total && twice === 0);
    stage.check('0 dead letters', (await count('backbone.dead_letter')) === 0);
  },
});
