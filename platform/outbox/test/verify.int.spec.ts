import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AckPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createPublisher } from '#platform/outbox/publisher.ts';
import { rewind } from '#platform/outbox/rewind.ts';
import { waitFor } from '#platform/testing/index.ts';
import { ThingChanged, testBackbone, thing } from '#platform/testing/testBackbone.ts';

let backbone: Awaited<ReturnType<typeof testBackbone>>;
beforeEach(async () => {
  backbone = await testBackbone();
  await waitFor(() => backbone.nats.connected());
});
afterEach(() => backbone.scope.close());

describe('comparing the stream', () => {
  it('is repeated when NATS was away and back meanwhile: it is another store, perhaps', async () => {
    const { nats, natsServer, log, scope } = backbone;
    let compared = 0;
    const { publisher, stop } = createPublisher({
      name: 'tasks',
      nats,
      log,
      async verify() {
        if (compared++ > 0) return 0;
        let connections = 0;
        // Calls back at once, as it is connected, and then after the reconnect.
        const stopFollowing = nats.onConnect(() => {
          connections++;
        });
        await natsServer.kill();
        await natsServer.start();
        await waitFor(() => connections === 2);
        stopFollowing();
        return 0;
      },
      onWork: () => {},
    });
    scope.defer('publisher', stop);
    await waitFor(() => publisher.ready());
    expect(compared).toBeGreaterThan(1);
  }, 30_000);

  it('leaves consumers alone that are not durable: they only look, and are younger than the roll-back', async () => {
    const { nats, natsServer, outbox, pool, log, database, count } = backbone;
    for (const name of ['a', 'b', 'c']) await outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
    await waitFor(async () => (await count('backbone.published')) === 3);
    const connection = await connect({ servers: natsServer.url });
    const manager = nats.manager();
    if (!manager) throw new Error('NATS is away');
    const looking = await manager.consumers.add('tasks', { ack_policy: AckPolicy.None });
    const messages = await (await jetstream(connection).consumers.get('tasks', looking.name)).fetch({
      max_messages: 3,
    });
    let seen = 0;
    for await (const _message of messages) if (++seen === 3) break;

    // The last event is recorded where another one lies, as after a roll-back.
    await database.pool.query(`
      update backbone.published set event_id = (select event_id from backbone.published where sequence = 1)
      where sequence = 3`);
    expect(await rewind({ manager, stream: 'tasks', pool, log })).toBeGreaterThan(0);
    expect((await manager.consumers.info('tasks', looking.name)).created).toBe(looking.created);
    await connection.close();
  }, 30_000);
});
