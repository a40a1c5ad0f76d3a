import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { decodeEnvelope } from '#platform/outbox/envelope.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { withTraceparent } from '#platform/telemetry/trace.ts';
import { waitFor } from '#platform/testing/index.ts';
import { ThingChanged, testBackbone, thing } from '#platform/testing/testBackbone.ts';

type Backbone = Awaited<ReturnType<typeof testBackbone>>;

let backbone: Backbone;
afterEach(() => backbone.scope.close());

async function streamMessages(): Promise<number> {
  const info = await backbone.nats
    .manager()
    ?.streams.info('tasks')
    .catch(() => null);
  return info?.state.messages ?? 0;
}

async function messageAt(sequence: number) {
  const message = await backbone.nats.manager()?.streams.getMessage('tasks', { seq: sequence });
  if (!message) throw new Error(`No message at ${sequence}`);
  return message;
}

const connected = () => waitFor(() => backbone.nats.connected());

describe('commit', () => {
  it('writes the event with the change and publishes it as a CloudEvent', async () => {
    backbone = await testBackbone();
    await connected();
    const fact = thing('a', { actorId: newId(), changes: { name: { from: null, to: 'a' } } });
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, fact));
    expect(await backbone.count('backbone.event where aggregate_id = $1', fact.aggregateId)).toBe(1);
    await waitFor(async () => (await backbone.count('backbone.published')) === 1);
    expect(await backbone.count('backbone.outbox')).toBe(0);
    const message = await messageAt(1);
    expect(message.subject).toBe(`tasks.thing.${fact.aggregateId}.changed`);
    expect(message.json()).toMatchObject({ specversion: '1.0', source: '/tasks', type: 'tasks.thing.changed.v1' });
    expect(decodeEnvelope(message.string())).toMatchObject({
      aggregateId: fact.aggregateId,
      version: 1,
      actorId: fact.actorId,
      data: fact.data,
    });
  });

  it('writes nothing and publishes nothing when the work fails', async () => {
    backbone = await testBackbone();
    await connected();
    const work = backbone.outbox.commit(async (_tx, record) => {
      record(ThingChanged, thing('a'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await backbone.count('backbone.event')).toBe(0);
    expect(await backbone.count('backbone.outbox')).toBe(0);
  });

  it('refuses an event that does not fit its contract or that another publishes', async () => {
    backbone = await testBackbone();
    const misfit = { ...thing('a'), data: { thing: { name: 7 } } } as never;
    await expect(backbone.outbox.commit(async (_tx, record) => record(ThingChanged, misfit))).rejects.toThrow(/name/);
    const foreign = { ...ThingChanged, publisher: 'users', type: 'users.thing.changed.v1' };
    await expect(backbone.outbox.commit(async (_tx, record) => record(foreign, thing('a')))).rejects.toThrow(
      /not ours/,
    );
    expect(await backbone.count('backbone.event')).toBe(0);
  });

  it('carries the trace into the event', async () => {
    backbone = await testBackbone();
    await startTelemetry({ service: 'test', scope: backbone.scope });
    await connected();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await withTraceparent(`00-${traceId}-b7ad6b7169203331-01`, 'test', () =>
      backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing('a'))),
    );
    await waitFor(async () => (await streamMessages()) === 1);
    expect(decodeEnvelope((await messageAt(1)).string()).traceparent).toContain(traceId);
  });
});

describe('what the fast path leaves', () => {
  it('waits in the outbox while NATS is away and goes out when it is there', async () => {
    backbone = await testBackbone();
    await connected();
    await backbone.natsServer.kill();
    await waitFor(() => !backbone.nats.connected());
    for (const name of ['a', 'b', 'c']) {
      await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing(name)));
    }
    expect(await backbone.count('backbone.outbox')).toBe(3);
    await backbone.natsServer.start();
    await waitFor(async () => (await backbone.count('backbone.outbox')) === 0);
    expect(await streamMessages()).toBe(3);
    expect(await backbone.count('backbone.published')).toBe(3);
  });

  it('drains in the order in which it was recorded, however much it is, and is in the stream once', async () => {
    backbone = await testBackbone();
    await waitFor(() => backbone.outbox.publishing());
    await backbone.natsServer.kill();
    await waitFor(() => !backbone.outbox.publishing());
    for (let n = 0; n < 100; n++) {
      await backbone.outbox.commit(async (_tx, record) => {
        for (let m = 0; m < 30; m++) record(ThingChanged, thing(`n${n}-${m}`));
      });
    }
    expect(await backbone.count('backbone.outbox')).toBe(3_000);
    await backbone.natsServer.start();
    await waitFor(async () => (await backbone.count('backbone.outbox')) === 0, { timeoutMs: 30_000, everyMs: 50 });
    const { rows } = await backbone.database.pool.query<{ name: string }>(
      `select data -> 'thing' ->> 'name' as name from backbone.published join backbone.event on id = event_id order by sequence`,
    );
    const recorded = Array.from({ length: 3_000 }, (_, index) => `n${Math.floor(index / 30)}-${index % 30}`);
    expect(rows.map(({ name }) => name)).toEqual(recorded);
    expect((await backbone.nats.manager()?.streams.info('tasks'))?.state.messages).toBe(3_000);
  }, 60_000);

  it('is published when it was committed by a process that died before it could publish', async () => {
    backbone = await testBackbone();
    await connected();
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing('a')));
    await waitFor(async () => (await backbone.count('backbone.published')) === 1);
    // A second event as a dead process leaves it: committed, in the outbox, never published.
    await backbone.database.pool.query(`
      with copy as (
        insert into backbone.event (id, aggregate, aggregate_id, version, type, time, data)
        select '${newId()}', aggregate, aggregate_id, 2, type, time, data from backbone.event returning id
      ) insert into backbone.outbox (event_id) select id from copy`);
    await waitFor(async () => (await streamMessages()) === 2);
    await waitFor(async () => (await backbone.count('backbone.outbox')) === 0);
  });

  it('is not in the stream twice when an ack was lost', async () => {
    backbone = await testBackbone();
    await connected();
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing('a')));
    await waitFor(async () => (await backbone.count('backbone.published')) === 1);
    await backbone.database.pool.query('insert into backbone.outbox (event_id) select id from backbone.event');
    await waitFor(async () => (await backbone.count('backbone.outbox')) === 0);
    expect(await streamMessages()).toBe(1);
    expect(await backbone.count('backbone.published')).toBe(1);
  });

  it('is not skipped when it commits later than its successor', async () => {
    backbone = await testBackbone();
    await connected();
    let release = () => {};
    const slow = backbone.outbox.commit(async (_tx, record) => {
      record(ThingChanged, thing('a'));
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing('b')));
    await waitFor(async () => (await backbone.count('backbone.published')) === 1);
    release();
    await slow;
    await waitFor(async () => (await backbone.count('backbone.published')) === 2);
    expect(await streamMessages()).toBe(2);
  });

  it('counts as backlog in the metrics', async () => {
    backbone = await testBackbone();
    await connected();
    await backbone.natsServer.kill();
    await waitFor(() => !backbone.nats.connected());
    await backbone.outbox.commit(async (_tx, record) => record(ThingChanged, thing('a')));
    expect(await backbone.registry.metrics()).toMatch(/^taskgraph_outbox_backlog 1$/m);
  });
});
