import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type Consumer, factConsumer, stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import type { StoredEvent } from '#platform/outbox/event.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import { createScope } from '#platform/service/scope.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { traceparent } from '#platform/telemetry/trace.ts';
import { waitFor } from '#platform/testing/index.ts';
import { type TestTransaction, ThingChanged, testBackbone, thing } from '#platform/testing/testBackbone.ts';

type Backbone = Awaited<ReturnType<typeof testBackbone>>;
type Effects = { seen: string[]; followed: string[] };

let backbone: Backbone;
afterEach(() => backbone.scope.close());

/** The projection and the effects of these tests live in tables of their own. */
async function start() {
  backbone = await testBackbone();
  await backbone.database.pool.query(`
    create table effect (event_id uuid not null, name text not null);
    create table thing (id uuid primary key, name text not null, version int not null)`);
  await waitFor(() => backbone.nats.connected());
}

function run(consumer: Consumer<TestTransaction, Effects>, effects: Effects = { seen: [], followed: [] }) {
  const scope = createScope();
  backbone.scope.defer('consumers of the test', () => scope.close());
  const registry = new Registry();
  const running = runConsumers({ ...backbone, scope, registry, consumers: [consumer], deps: effects });
  return { effects, running, registry, stop: () => scope.close() };
}

const effect = (more: { fail?: (name: string) => void; follow?: (name: string) => void } = {}) =>
  factConsumer<TestTransaction, Effects, [typeof ThingChanged]>({
    name: 'test-effect',
    events: [ThingChanged],
    async handle(tx, event, deps) {
      const { name } = event.data.thing;
      deps.seen.push(name);
      await tx.$executeRaw`insert into effect (event_id, name) values (${event.id}::uuid, ${name})`;
      more.fail?.(name);
    },
    async afterCommit(event, deps) {
      deps.followed.push(event.data.thing.name);
      more.follow?.(event.data.thing.name);
    },
  });

const projection = stateConsumer({
  name: 'test-projection',
  events: [ThingChanged],
  projection: defineProjection<{ id: string; name: string; version: number }>({
    table: 'thing',
    columns: { id: 'id', name: 'name' },
    key: ['id'],
  }),
  row: (event) => ({ id: event.aggregateId, name: event.data.thing.name }),
});

const commit = (...names: string[]) =>
  backbone.outbox.commit(async (_tx, record) => {
    for (const name of names) record(ThingChanged, thing(name));
  });

const stored = (name: string, more: Partial<StoredEvent> = {}): StoredEvent => ({
  id: newId(),
  aggregate: 'thing',
  aggregateId: newId(),
  version: 1,
  type: ThingChanged.type,
  time: new Date(),
  actorId: null,
  data: { thing: { name } },
  changes: {},
  traceparent: null,
  ...more,
});

/** Straight into the stream, without a message id: the stream can't notice a second copy. */
async function deliver(event: StoredEvent, text = encodeEnvelope(event)) {
  await waitFor(() =>
    backbone.nats
      .jetstream()
      ?.publish(subjectOf(event), text)
      .catch(() => null),
  );
}

const unhandled = async (consumer: string) => {
  const info = await backbone.nats.manager()?.consumers.info('tasks', consumer);
  return info ? info.num_pending + info.num_ack_pending : Number.NaN;
};

describe('a fact consumer', () => {
  it('handles each event once, and repeats only what follows the commit', async () => {
    await start();
    const event = stored('a');
    await deliver(event);
    await deliver(event);
    const { effects, registry } = run(effect());
    await waitFor(async () => effects.followed.length === 2 && (await unhandled('test-effect')) === 0);
    expect(effects.seen).toEqual(['a']);
    expect(await backbone.count('effect')).toBe(1);
    expect(await registry.metrics()).toMatch(/consumer="test-effect",outcome="repeated"} 1/);
  });

  it('gets what was published before it first started, and what came while it was down', async () => {
    await start();
    await commit('before');
    const first = run(effect());
    await waitFor(async () => (await backbone.count('effect')) === 1);
    await first.stop();
    await commit('while down');
    run(effect());
    await waitFor(async () => (await backbone.count('effect')) === 2);
  });

  it('puts a poison event aside with its reason, and goes on with the others', async () => {
    await start();
    const { effects } = run(
      effect({
        fail(name) {
          if (name === 'poison') throw new TypeError('cannot be handled');
        },
      }),
    );
    await commit('poison', 'a', 'b');
    await waitFor(async () => (await backbone.count('backbone.dead_letter')) === 1);
    expect(await backbone.count(`effect where name <> 'poison'`)).toBe(2);
    expect(await backbone.count('effect')).toBe(2);
    expect(effects.seen.filter((name) => name === 'poison')).toHaveLength(5);
    const { rows } = await backbone.database.pool.query('select * from backbone.dead_letter');
    expect(rows[0]).toMatchObject({ consumer: 'test-effect', reason: 'TypeError: cannot be handled', attempts: 5 });
    expect(rows[0].event.data).toEqual({ thing: { name: 'poison' } });
    expect(await backbone.count('backbone.failure')).toBe(0);
    await waitFor(async () => (await unhandled('test-effect')) === 0);
  });

  it('puts aside what is no event, and data that breaks the contract', async () => {
    await start();
    run(effect());
    await deliver(stored('a'), 'not json');
    await deliver(stored('b', { data: { thing: { name: 7 } } }));
    await waitFor(async () => (await backbone.count('backbone.dead_letter')) === 2);
    await waitFor(async () => (await unhandled('test-effect')) === 0);
    expect(await backbone.count('effect')).toBe(0);
  });

  it('ignores a type that it does not know', async () => {
    await start();
    const { registry } = run(effect());
    await deliver(stored('a', { type: 'tasks.thing.changed.v2' }));
    await waitFor(async () => /outcome="ignored"} 1/.test(await registry.metrics()));
    expect(await backbone.count('backbone.dead_letter')).toBe(0);
  });

  it('is not charged for an outage', async () => {
    await start();
    let outages = 3;
    const { effects } = run(
      effect({
        fail() {
          if (outages-- > 0) refuse('SERVICE_UNAVAILABLE', 'The owner is away');
        },
      }),
    );
    await commit('a');
    await waitFor(async () => (await backbone.count('effect')) === 1);
    expect(effects.seen).toHaveLength(4);
    expect(await backbone.count('backbone.failure')).toBe(0);
  });

  it('repeats what follows the commit when that failed', async () => {
    await start();
    let failures = 1;
    const { effects } = run(
      effect({
        follow() {
          if (failures-- > 0) throw new Error('Redis said no');
        },
      }),
    );
    await commit('a');
    await waitFor(() => effects.followed.length === 2);
    expect(effects.seen).toEqual(['a']);
    await waitFor(async () => (await backbone.count('backbone.failure')) === 0);
    expect(await backbone.count('effect')).toBe(1);
  });

  it('continues the trace of the command', async () => {
    await start();
    await startTelemetry({ service: 'test', scope: backbone.scope });
    const seen: (string | undefined)[] = [];
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    run(effect({ fail: () => seen.push(traceparent()) }));
    await deliver(stored('a', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }));
    await waitFor(() => seen.length === 1);
    expect(seen[0]).toContain(traceId);
  });

  it('goes on after NATS was killed', async () => {
    await start();
    run(effect());
    await commit('a');
    await waitFor(async () => (await backbone.count('effect')) === 1);
    await backbone.natsServer.kill();
    await commit('b');
    await backbone.natsServer.start();
    await waitFor(async () => (await backbone.count('effect')) === 2, { timeoutMs: 20_000 });
  }, 30_000);
});

describe('a state consumer', () => {
  it('keeps the highest version, in whatever order events arrive', async () => {
    await start();
    run(projection);
    const aggregateId = newId();
    for (const version of [3, 1, 2, 3]) await deliver(stored(`v${version}`, { aggregateId, version }));
    await waitFor(async () => (await backbone.count('backbone.inbox')) === 4);
    const { rows } = await backbone.database.pool.query('select name, version from thing');
    expect(rows).toEqual([{ name: 'v3', version: 3 }]);
  });

  it('is fresh while it follows its stream, and not when it is cut off', async () => {
    await start();
    const { running } = run(projection);
    expect(running.fresh('test-projection')).toBe(false);
    await waitFor(() => running.fresh('test-projection'));
    await backbone.natsServer.kill();
    await waitFor(() => !running.fresh('test-projection'));
    expect(running.fresh('nobody')).toBe(false);
  });
});

describe('the declaration of a consumer', () => {
  it('needs events of one publisher and one aggregate', async () => {
    await start();
    const foreign = { ...ThingChanged, aggregate: 'other', type: 'tasks.other.changed.v1' };
    expect(() => run({ ...effect(), events: [ThingChanged, foreign] })).toThrow(/exactly one publisher/);
  });
});
