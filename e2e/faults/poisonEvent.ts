import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';
import { surplus } from './stage/streamTools.ts';

const mostMs = 2_000;

/** An event that its consumer cannot handle is put aside with the reason; the others go on, and it can be replayed. */
export const poisonEvent = defineScenario({
  name: 'poison-event',
  title: 'publish an event that its consumer cannot handle among others; then cure the consumer and replay it',
  needs: 'servers',
  full: { events: 3_000 },
  short: { events: 400 },
  async run(stage, { events }) {
    const { random } = stage;
    const { sql, count, startRelay, startConsumer } = await openWorkshop(stage, 'poison');
    await startConsumer();
    const place = random.between(Math.ceil(events * 0.1), Math.ceil(events * 0.2));
    const names = Array.from({ length: events }, (_, index) => (index === place ? 'poison' : `thing ${index}`));
    // The first ones find the relay and the consumer still starting.
    await startRelay({ names: ['warm up'] });
    await waitFor(async () => (await count('effect')) === 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 30_000 });
    await startRelay({ names, clients: 2, everyMs: 20 });
    await waitFor(async () => (await count('backbone.event')) === events + 1, { timeoutMs: 180_000, everyMs: 50 });
    await waitFor(async () => (await count('backbone.dead_letter')) > 0, { timeoutMs: 60_000, everyMs: 50 });
    await waitFor(async () => (await count("effect where name <> 'poison'")) >= events, { timeoutMs: 30_000 });

    const [delay] = await sql<{ others: number; ms: number }>(
      `select count(*)::int as others, max(extract(epoch from at - event_time) * 1000)::int as ms from effect
       where event_time >= (select time from backbone.event where data ->> 'name' = 'poison')`,
    );
    const dead = await sql<{ consumer: string; event_id: string; reason: string; attempts: number }>(
      'select consumer, event_id, reason, attempts from backbone.dead_letter',
    );
    const [poison] = await sql<{ id: string }>("select id from backbone.event where data ->> 'name' = 'poison'");
    stage.did(
      `event ${place + 1} of ${events} was the poison; dead letter: ${dead[0]?.attempts} attempts, ${dead[0]?.reason}`,
    );
    stage.check('it had no effect', (await count("effect where name = 'poison'")) === 0);

    await sql("insert into cured (name) values ('poison')");
    const replay = () => sql('update backbone.dead_letter set replay_at = now() where event_id = $1', [poison?.id]);
    await replay();
    await waitFor(async () => (await count("effect where name = 'poison'")) === 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await count('backbone.dead_letter')) === 0, { timeoutMs: 30_000 });
    stage.did('cured the consumer and replayed it, also when there was nothing left to replay');
    await replay();
    const effects = (await sql<{ id: string }>('select event_id as id from effect')).map(({ id }) => id);
    const applied = await count('effect where event_id = $1', [poison?.id]);
    stage.counted({ events: await count('backbone.event'), effects: new Set(effects).size, twice: surplus(effects) });
    stage.counted({ 'dead letters': dead.length, 'longest delay of the others': `${delay?.ms} ms`, replayed: applied });
    stage.check('one dead letter, of that event', dead.length === 1 && dead[0]?.event_id === poison?.id);
    stage.check('with its reason', dead[0]?.reason.includes('This thing is poisoned') === true);
    stage.check('the others were delayed by less than 2 s', (delay?.others ?? 0) > 0 && (delay?.ms ?? mostMs) < mostMs);
    stage.check('the replay applied it once', applied === 1 && surplus(effects) === 0);
    stage.check(
      'nothing is left over',
      (await count('backbone.dead_letter')) + (await count('backbone.failure')) === 0,
    );
  },
});
