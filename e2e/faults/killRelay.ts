import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';
import { outliveDuplicates, readStream, surplus } from './stage/streamTools.ts';

/**
 * Acknowledgements are marked in batches each 100 ms: a relay that dies before publishes those events again. Once they
 * have left the stream's duplicate window, only the inboxes stand between them and a second effect.
 */
export const killRelay = defineScenario({
  name: 'kill-relay',
  title: 'kill -9 the relay after the stream has acknowledged an event and before that is marked; duplicate window 1 s',
  needs: 'servers',
  full: { kills: 100 },
  short: { kills: 3 },
  async run(stage, { kills }) {
    const { nats, random } = stage;
    const { stream, sql, count, startRelay, startConsumer } = await openWorkshop(stage, 'kill-relay');
    await startConsumer();
    const names = Array.from({ length: 2_000 }, (_, index) => `thing ${index}`);
    let hits = 0;
    let attempts = 0;
    while (hits < kills && attempts < kills * 3) {
      attempts++;
      const heard = nats.subscribe(`${stream}.thing.>`, { max: random.between(1, 25) });
      const relay = await startRelay({ names, clients: 2, everyMs: 5 });
      for await (const _message of heard) {
        // Published; once it has gone through all of them, it is time.
      }
      await relay.kill();
      if ((await unmarked()) > 0) hits++;
      await outliveDuplicates(nats, stream, 1_000);
    }
    stage.did(`killed it ${attempts} times; ${hits} times with events that were in the stream and still in the outbox`);
    await startRelay();
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 60_000, everyMs: 50 });
    const events = await count('backbone.event');
    await waitFor(async () => (await count('effect')) >= events, { timeoutMs: 60_000, everyMs: 50 });
    await waitFor(async () => (await count('backbone.inbox')) >= events * 2, { timeoutMs: 60_000, everyMs: 50 });

    const inStream = (await readStream(nats, stream)).flatMap(({ id, aggregateId }) => (aggregateId ? [id] : []));
    const effects = (await sql<{ id: string }>('select event_id as id from effect')).map(({ id }) => id);
    stage.counted({
      kills: hits,
      events,
      'in the stream': new Set(inStream).size,
      'copies in the stream': surplus(inStream),
    });
    stage.counted({ effects: new Set(effects).size, 'double effects': surplus(effects) });
    stage.check(`${kills} kills were between the ack and the mark`, hits === kills);
    stage.check('copies got past the duplicate window', surplus(inStream) > 0);
    stage.check('every event is in the stream', new Set(inStream).size === events);
    stage.check('every event took effect', new Set(effects).size === events);
    stage.check('0 double effects', surplus(effects) === 0);
    stage.check('0 dead letters', (await count('backbone.dead_letter')) === 0);

    /** Events that the stream has and the outbox still names. */
    async function unmarked(): Promise<number> {
      const held = new Set((await readStream(nats, stream)).map(({ id }) => id));
      const rows = await sql<{ id: string }>('select event_id as id from backbone.outbox');
      return rows.filter(({ id }) => held.has(id)).length;
    }
  },
});
