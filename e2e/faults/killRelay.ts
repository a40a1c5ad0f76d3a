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
  short: { kills: 4 },
  async run(stage, { kills }) {
    const { nats, random } = stage;
    const { stream, sql, count, affected, outcome, startRelay, startConsumer } = await openWorkshop(
      stage,
      'kill-relay',
    );
    await startConsumer();
    const names = Array.from({ length: 2_000 }, (_, index) => `thing ${index}`);
    const known = new Set<string>();
    const hits = { publishing: 0, sweeping: 0 };
    let attempts = 0;
    while (hits.publishing + hits.sweeping < kills && attempts < kills * 3) {
      // Every other relay finds what its predecessor has left, and dies while it sweeps that into the stream again.
      const way = attempts++ % 2 === 0 ? 'publishing' : 'sweeping';
      let left = way === 'publishing' ? random.between(20, 60) : random.between(1, 5);
      const relay = await startRelay({ names, clients: 2, everyMs: 5 });
      // In the callback, so that nothing comes between the message and the kill.
      const heard = nats.subscribe(`${stream}.thing.>`, {
        callback(_error, { subject }) {
          const isNew = !known.has(subject);
          known.add(subject);
          if (isNew === (way === 'publishing')) left--;
          if (left <= 0 || (way === 'sweeping' && isNew)) void relay.kill();
        },
      });
      await waitFor(() => !relay.running(), { timeoutMs: 60_000 });
      heard.unsubscribe();
      if ((await unmarked()) > 0) hits[way]++;
      await outliveDuplicates(nats, stream, 1_000);
    }
    stage.did(
      `killed it ${attempts} times; with events that were in the stream and still in the outbox ${hits.publishing} times after a commit and ${hits.sweeping} times in a sweep`,
    );
    await startRelay();
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 60_000, everyMs: 50 });
    const events = await count('backbone.event');
    await waitFor(async () => (await affected()) >= events, { timeoutMs: 60_000, everyMs: 50 });
    await waitFor(async () => (await count('backbone.inbox')) >= events * 3, { timeoutMs: 60_000, everyMs: 50 });

    const inStream = (await readStream(nats, stream)).flatMap(({ id, aggregateId }) => (aggregateId ? [id] : []));
    const { handled, stated, both, twice } = await outcome();
    stage.counted({
      kills: hits.publishing + hits.sweeping,
      events,
      'in the stream': new Set(inStream).size,
      'copies in the stream': surplus(inStream),
    });
    stage.counted({ 'effects of code': handled, 'of a statement': stated, 'double effects': twice });
    stage.check(`${kills} kills were between the ack and the mark`, hits.publishing + hits.sweeping === kills);
    stage.check('some after a commit, some in a sweep', hits.publishing > 0 && hits.sweeping > 0);
    stage.check('copies got past the duplicate window', surplus(inStream) > 0);
    stage.check('every event is in the stream', new Set(inStream).size === events);
    stage.check('every event took effect', both === events);
    stage.check('0 double effects', twice === 0);
    stage.check('0 dead letters', (await count('backbone.dead_letter')) === 0);

    /** Events that the stream has and the outbox still names. */
    async function unmarked(): Promise<number> {
      const held = new Set((await readStream(nats, stream)).map(({ id }) => id));
      const rows = await sql<{ id: string }>('select event_id as id from backbone.outbox');
      return rows.filter(({ id }) => held.has(id)).length;
    }
  },
});
