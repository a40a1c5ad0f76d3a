import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';

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
    const { sql, count, affected, outcome, startRelay, startConsumer } = await openWorkshop(stage, 'poison');
    await startConsumer();
    const place = random.between(Math.ceil(events * 0.1), Math.ceil(events * 0.2));
    const names = Array.from({ length: events }, (_, index) => (index === place ? 'poison' : `thing ${index}`));
    // The first ones find the relay and the consumer still starting.
    await startRelay({ names: ['warm up'] });
    await waitFor(async () => (await affected()) === 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 30_000 });
    await startRelay({ names, clients: 2, everyMs: 20 });
    await waitFor(async () => (await count('backbone.event')) === events + 1, { timeoutMs: 180_000, everyMs: 50 });
    await waitFor(async () => (await count('backbone.dead_letter')) >= 2, { timeoutMs: 60_000, everyMs: 50 });
    await waitFor(async () => (await affected("name <> 'poison'")) >= events, { timeoutMs: 30_000 });

    const [delay] = await sql<{ others: number; ms: number }>(
      `select count(*)::int as others, max(extract(epoch from at - event_time) * 1000)::int as ms
       from (select event_time, at from effect union all select event_time, at from stated) as each
       where event_time >= (select time from backbone.event where data ->> 'name' = 'poison')`,
    );
    const dead = await sql<{ consumer: string; event_id: string; reason: string; attempts: number }>(
      'select consumer, event_id, reason, attempts from backbone.dead_letter',
    );
    const [poison] = await sql<{ id: string }>("select id from backbone.event where data ->> 'name' = 'poison'");
    stage.did(
      `event ${place + 1} of ${events} was the poison; dead letter: ${dead[0]?.attempts} attempts, ${dead[0]?.reason}`,
    );
    stage.check('it had no effect', (await outcome()).handled === events && (await outcome()).stated === events);

    await sql("insert into cured (name) values ('poison')");
    const replay = () => sql('update backbone.dead_letter set replay_at = now() where event_id = $1', [poison?.id]);
    await replay();
    await waitFor(async () => (await affected("name = 'poison'")) === 1, { timeoutMs: 30_000 });
    await waitFor(async () => (await count('backbone.dead_letter')) === 0, { timeoutMs: 30_000 });
    stage.did('cured the consumer and replayed it, also when there was nothing left to replay');
    await replay();
    const { handled, stated, both, twice } = await outcome();
    const applied = [
      await count('effect where event_id = $1', [poison?.id]),
      await count('stated where event_id = $1', [poison?.id]),
    ];
    stage.counted({
      events: await count('backbone.event'),
      'effects of code': handled,
      'of a statement': stated,
      twice,
    });
    stage.counted({
      'dead letters': dead.length,
      'longest delay of the others': `${delay?.ms} ms`,
      replayed: applied.join(' and '),
    });
    stage.check(
      'one dead letter of each consumer of facts, of that event',
      new Set(dead.map(({ consumer }) => consumer)).size === 2 &&
        dead.length === 2 &&
        dead.every(({ event_id }) => event_id === poison?.id),
    );
    stage.check(
      'with its reason',
      dead.every(({ reason }) => reason.includes('This thing is poisoned')),
    );
    stage.check('the others were delayed by less than 2 s', (delay?.others ?? 0) > 0 && (delay?.ms ?? mostMs) < mostMs);
    stage.check(
      'the replay applied it once',
      applied.every((times) => times === 1) && both === events + 1 && twice === 0,
    );
    stage.check(
      'nothing is left over',
      (await count('backbone.dead_letter')) + (await count('backbone.failure')) === 0,
    );
  },
});
