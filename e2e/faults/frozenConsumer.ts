import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';
import { readStream } from './stage/streamTools.ts';
import { tapAcknowledgements } from './stage/wiretap.ts';

/**
 * A process that stands still keeps its messages until the ack wait is over; they are then delivered to another, or to
 * itself when it goes on, in the middle of handling them.
 */
export const frozenConsumer = defineScenario({
  name: 'frozen-consumer',
  title:
    'SIGSTOP a consumer in the middle of handling for three ack waits, SIGCONT; every second time beside a replica',
  needs: 'servers',
  full: { rounds: 4, events: 500, frozenMs: 15_000 },
  short: { rounds: 2, events: 60, frozenMs: 5_500 },
  async run(stage, { rounds, events, frozenMs }) {
    const { nats, scope } = stage;
    const { stream, count, affected, outcome, startRelay, startConsumer } = await openWorkshop(
      stage,
      'frozen-consumer',
    );
    const tap = tapAcknowledgements(nats, stream, scope);
    const names = Array.from({ length: events }, (_, index) => `thing ${index}`);
    const handling = `pg_stat_activity where datname = current_database() and application_name = 'frozen'
      and wait_event = 'PgSleep'`;
    const consumer = await startConsumer({ applicationName: 'frozen', effectMs: 20 });
    for (let round = 1; round <= rounds; round++) {
      const replica = round % 2 === 0 ? await startConsumer({ applicationName: 'replica', effectMs: 20 }) : null;
      const relay = await startRelay({ names, clients: 4 });
      await waitFor(async () => (await count(handling)) > 0, { timeoutMs: 30_000, everyMs: 2 });
      process.kill(consumer.pid, 'SIGSTOP');
      // This is the fault itself, not a wait for anything.
      await new Promise((resolve) => setTimeout(resolve, frozenMs));
      process.kill(consumer.pid, 'SIGCONT');
      await waitFor(async () => (await affected()) >= events * round, { timeoutMs: 120_000, everyMs: 50 });
      await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 30_000, everyMs: 50 });
      await Promise.all([relay.stop(), replica?.stop()]);
    }
    await waitFor(() => tap.redeliveries() > 0).catch(() => {});
    // What was redelivered has been answered, too.
    await waitFor(async () => (await count('backbone.inbox')) >= events * rounds * 3, {
      timeoutMs: 60_000,
      everyMs: 50,
    });
    const total = await count('backbone.event');
    const inStream = new Set((await readStream(nats, stream)).map(({ id }) => id)).size;
    const { handled, stated, both, twice } = await outcome();
    const projected = await count('projection');
    stage.counted({ events: total, 'in the stream': inStream, freezes: rounds, redeliveries: tap.redeliveries() });
    stage.counted({
      'effects of code': handled,
      'of a statement': stated,
      'double effects': twice,
      projections: projected,
    });
    stage.check('events were delivered again', tap.redeliveries() > 0);
    stage.check('every event took effect', both === total && projected === total);
    stage.check('0 double effects', twice === 0);
    stage.check('0 dead letters', (await count('backbone.dead_letter')) === 0);
  },
});
