import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AckPolicy, jetstream, StorageType } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { pino } from 'pino';
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

/** Has the event at a sequence recorded where another one lies, as after a roll-back. */
const misplace = (sequence: number) =>
  backbone.database.pool.query(
    `update backbone.published set event_id = (select event_id from backbone.published where sequence = 1)
     where sequence = $1`,
    [sequence],
  );
const commit = async (...names: string[]) => {
  for (const name of names) await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
};

describe('comparing the stream', () => {
  it('comes before anything is published after a reconnect', async () => {
    const { natsServer, outbox, nats, database, count } = backbone;
    await waitFor(() => outbox.publishing());
    // Comparisons happen one at a time: this one does not end.
    const comparing = await database.pool.connect();
    await comparing.query('begin');
    await comparing.query(`select pg_advisory_xact_lock(hashtext('backbone.rewind'))`);
    await natsServer.kill();
    await natsServer.start();
    await waitFor(() => nats.connected());
    await commit('a', 'b', 'c');
    const waiting = "pg_locks where locktype = 'advisory' and not granted";
    await waitFor(async () => (await count(waiting)) > 0);
    // Longer than the sweeper leaves anything to the fast path.
    await waitFor(async () => (await count("backbone.outbox where created_at < now() - interval '2 s'")) === 3);
    expect(outbox.publishing()).toBe(false);
    expect((await nats.manager()?.streams.info('tasks'))?.state.messages).toBe(0);
    await comparing.query('commit');
    comparing.release();
    await waitFor(async () => (await count('backbone.outbox')) === 0);
    expect((await nats.manager()?.streams.info('tasks'))?.state.messages).toBe(3);
  }, 30_000);

  it('is repeated now and then, while NATS stays: what was lost goes out again', async () => {
    const own = await testBackbone({ verifyMs: 100 });
    try {
      await waitFor(() => own.outbox.publishing());
      for (const name of ['a', 'b', 'c']) {
        await own.outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
      }
      await waitFor(async () => (await own.count('backbone.published')) === 3);
      const { rows } = await own.database.pool.query(
        'select event_id as id from backbone.published where sequence = 3',
      );
      // Under the same connection: nobody is told.
      await own.nats.manager()?.streams.purge('tasks', { keep: 0 });
      await own.nats.jetstream()?.publish('tasks.thing.x.changed', 'x', { msgID: 'somebody else' });
      await own.database.pool.query('update backbone.published set sequence = 4 where sequence = 3');
      await waitFor(async () => (await own.count('backbone.published where sequence = 4')) === 0);
      await waitFor(async () => (await own.count('backbone.outbox')) === 0);
      expect(await own.count('backbone.published where event_id = $1', rows[0].id)).toBe(1);
    } finally {
      await own.scope.close();
    }
  }, 30_000);

  it('comes before anything is published each time that it is repeated', async () => {
    const own = await testBackbone({ verifyMs: 100, sweep: false });
    try {
      await waitFor(() => own.outbox.publishing());
      const comparing = await own.database.pool.connect();
      await comparing.query('begin');
      await comparing.query(`select pg_advisory_xact_lock(hashtext('backbone.rewind'))`);
      await waitFor(async () => (await own.count("pg_locks where locktype = 'advisory' and not granted")) > 0);
      await own.outbox.commit(async (_tx, record) => record(ThingChanged, thing('a')));
      // One that could have been published would be by the time that an answer to this has come.
      await own.nats.manager()?.streams.info('tasks');
      expect((await own.nats.manager()?.streams.info('tasks'))?.state.messages).toBe(0);
      await comparing.query('commit');
      comparing.release();
      await waitFor(async () => (await own.nats.manager()?.streams.info('tasks'))?.state.messages === 1);
    } finally {
      await own.scope.close();
    }
  }, 30_000);

  it('goes back as far as the stream does, and no further: older events have left it by themselves', async () => {
    const quiet = await testBackbone({ sweep: false });
    try {
      const { outbox, pool, nats, log, count, database } = quiet;
      await waitFor(() => outbox.publishing());
      for (const name of ['old', 'young', 'last']) {
        await outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
        await waitFor(async () => (await count('backbone.outbox')) === 0);
      }
      const age = (days: number, sequence: number) =>
        database.pool.query(
          'update backbone.published set at = now() - make_interval(secs => $1::float8) where sequence = $2',
          [days * 86_400, sequence],
        );
      await age(7.1, 1);
      await age(6.9, 2);
      const manager = nats.manager();
      if (!manager) throw new Error('NATS is away');
      await manager.streams.delete('tasks');
      await manager.streams.add({ name: 'tasks', subjects: ['tasks.>'] });
      expect(await rewind({ manager, stream: 'tasks', pool, log })).toBe(2);
      const back = "backbone.outbox join backbone.event on id = event_id where data -> 'thing' ->> 'name'";
      expect(await count(`${back} in ('young', 'last')`)).toBe(2);
      expect(await count('backbone.outbox')).toBe(2);
    } finally {
      await quiet.scope.close();
    }
  }, 30_000);

  it('does not begin while the stream is not as declared and cannot be changed: it stays as it is, and that is told', async () => {
    const { nats, scope } = backbone;
    const manager = nats.manager();
    if (!manager) throw new Error('NATS is away');
    const other = { name: 'fleeting', subjects: ['fleeting.>'], storage: StorageType.Memory };
    const { created } = await manager.streams.add(other);
    const lines: { msg: string; stream: string; err: { message: string } }[] = [];
    let compared = 0;
    const { publisher, stop } = createPublisher({
      name: 'fleeting',
      nats,
      log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
      verify: async () => compared++,
      onWork: () => {},
    });
    scope.defer('publisher', stop);
    await waitFor(() => lines.length >= 2);
    expect(lines[0]).toMatchObject({
      msg: 'The stream could not be declared and verified; trying again',
      stream: 'fleeting',
      err: { message: expect.stringContaining('storage') },
    });
    expect(publisher.ready()).toBe(false);
    expect(compared).toBe(0);
    expect((await manager.streams.info('fleeting')).created).toBe(created);
    await manager.streams.delete('fleeting');
    await waitFor(() => publisher.ready());
  }, 20_000);

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
    const { nats, natsServer, pool, log, count } = backbone;
    await commit('a', 'b', 'c');
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

    await misplace(3);
    expect(await rewind({ manager, stream: 'tasks', pool, log })).toBeGreaterThan(0);
    expect((await manager.consumers.info('tasks', looking.name)).created).toBe(looking.created);
    await connection.close();
  }, 30_000);
});
