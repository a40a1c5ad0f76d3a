import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { traceparent } from '#platform/telemetry/trace.ts';
import { waitFor } from '#platform/testing/index.ts';
import { ThingChanged } from '#platform/testing/testBackbone.ts';
import { effect, type Fixture, projection, startFixture, stored } from './fixture.ts';

let test: Fixture;
beforeEach(async () => {
  test = await startFixture();
});
afterEach(() => test.scope.close());

describe('a fact consumer', () => {
  it('handles each event once, and repeats only what follows the commit', async () => {
    const event = stored('a');
    await test.deliver(event);
    await test.deliver(event);
    const { effects, registry } = test.run([effect()]);
    await waitFor(async () => effects.followed.length === 2 && (await test.unhandled('test-effect')) === 0);
    expect(await test.count('effect')).toBe(1);
    expect(await registry.metrics()).toMatch(/consumer="test-effect",outcome="repeated"} 1/);
  });

  it('runs no statement of an event that it has had, whatever the handler makes of that', async () => {
    const event = stored('a');
    await test.deliver(event);
    const light = effect({ careless: true });
    const { effects, registry } = test.run([light]);
    await waitFor(async () => effects.followed.length === 1 && (await test.unhandled('test-effect')) === 0);
    // Several, so that one of them finds a connection on which all is prepared.
    for (let copy = 0; copy < 4; copy++) {
      await test.deliver(event);
      await waitFor(async () => effects.followed.length === copy + 2 && (await test.unhandled('test-effect')) === 0);
    }
    expect(await test.count('effect')).toBe(1);
    expect(await registry.metrics()).toMatch(/consumer="test-effect",outcome="repeated"} 4/);
    expect(await test.count('backbone.failure')).toBe(0);
  });

  it('gets what was published before it first started, and what came while it was down', async () => {
    await test.commit('before');
    const first = test.run([effect()]);
    await waitFor(async () => (await test.count('effect')) === 1);
    await first.stop();
    await test.commit('while down');
    test.run([effect()]);
    await waitFor(async () => (await test.count('effect')) === 2);
  });

  it('puts a poison event aside with its reason, and goes on with the others', async () => {
    const { effects } = test.run([
      effect({
        fail(name) {
          if (name === 'poison') throw new TypeError('cannot be handled');
        },
      }),
    ]);
    await test.commit('poison', 'a', 'b');
    await waitFor(async () => (await test.count('backbone.dead_letter')) === 1);
    expect(await test.count(`effect where name <> 'poison'`)).toBe(2);
    expect(await test.count('effect')).toBe(2);
    expect(effects.seen.filter((name) => name === 'poison')).toHaveLength(5);
    const { rows } = await test.database.pool.query('select * from backbone.dead_letter');
    expect(rows[0]).toMatchObject({ consumer: 'test-effect', reason: 'TypeError: cannot be handled', attempts: 5 });
    expect(rows[0].event.data).toEqual({ thing: { name: 'poison' } });
    expect(await test.count('backbone.failure')).toBe(0);
    await waitFor(async () => (await test.unhandled('test-effect')) === 0);
  });

  it('puts aside what is no event, and data that breaks the contract', async () => {
    test.run([effect()]);
    await test.deliver(stored('a'), 'not json');
    await test.deliver(stored('b', { data: { thing: { name: 7 } } }));
    await waitFor(async () => (await test.count('backbone.dead_letter')) === 2);
    await waitFor(async () => (await test.unhandled('test-effect')) === 0);
    expect(await test.count('effect')).toBe(0);
  });

  it('ignores a type that it does not know', async () => {
    const { registry } = test.run([effect()]);
    await test.deliver(stored('a', { type: 'tasks.thing.changed.v2' }));
    await waitFor(async () => /outcome="ignored"} 1/.test(await registry.metrics()));
    expect(await test.count('backbone.dead_letter')).toBe(0);
  });

  it('is not charged for an outage', async () => {
    let outages = 3;
    const { effects } = test.run([
      effect({
        fail() {
          if (outages-- > 0) refuse('SERVICE_UNAVAILABLE', 'The owner is away');
        },
      }),
    ]);
    await test.commit('a');
    await waitFor(async () => (await test.count('effect')) === 1, { timeoutMs: 15_000 });
    expect(effects.seen).toHaveLength(4);
    expect(await test.count('backbone.failure')).toBe(0);
  }, 20_000);

  it('repeats what follows the commit when that failed', async () => {
    let failures = 1;
    const { effects } = test.run([
      effect({
        follow() {
          if (failures-- > 0) throw new Error('Redis said no');
        },
      }),
    ]);
    await test.commit('a');
    await waitFor(() => effects.followed.length === 2);
    expect(effects.seen).toEqual(['a']);
    await waitFor(async () => (await test.count('backbone.failure')) === 0);
    expect(await test.count('effect')).toBe(1);
  });

  it('continues the trace of the command', async () => {
    await startTelemetry({ service: 'test', scope: test.scope });
    const seen: (string | undefined)[] = [];
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    test.run([effect({ fail: () => seen.push(traceparent()) })]);
    await test.deliver(stored('a', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }));
    await waitFor(() => seen.length === 1);
    expect(seen[0]).toContain(traceId);
  });

  it('goes on after NATS was killed', async () => {
    test.run([effect()]);
    await test.commit('a');
    await waitFor(async () => (await test.count('effect')) === 1);
    await test.natsServer.kill();
    await test.commit('b');
    await test.natsServer.start();
    await waitFor(async () => (await test.count('effect')) === 2, { timeoutMs: 20_000 });
  }, 30_000);
});

describe('a state consumer', () => {
  it('keeps the highest version, in whatever order events arrive', async () => {
    test.run([projection]);
    const aggregateId = newId();
    for (const version of [3, 1, 2, 3]) await test.deliver(stored(`v${version}`, { aggregateId, version }));
    await waitFor(async () => (await test.count('backbone.inbox')) === 4);
    const { rows } = await test.database.pool.query('select name, version from thing');
    expect(rows).toEqual([{ name: 'v3', version: 3 }]);
  });

  it('is not fresh while it begins with events that wait: among them may be what matters', async () => {
    await test.commit('before');
    const told: boolean[] = [];
    const { running } = test.run([effect({ follow: () => void told.push(running.fresh('test-effect')) })]);
    await waitFor(() => running.fresh('test-effect'));
    expect(told).toEqual([false]);
  });

  it('is fresh while it follows its stream, and not when it is cut off', async () => {
    const { running } = test.run([projection]);
    expect(running.fresh('test-projection')).toBe(false);
    await waitFor(() => running.fresh('test-projection'));
    await test.natsServer.kill();
    await waitFor(() => !running.fresh('test-projection'));
    expect(running.fresh('nobody')).toBe(false);
  });
});

describe('the declaration of a consumer', () => {
  it('needs events of one publisher and one aggregate', () => {
    const foreign = { ...ThingChanged, aggregate: 'other', type: 'tasks.other.changed.v1' };
    expect(() => test.run([{ ...effect(), events: [ThingChanged, foreign] }])).toThrow(/exactly one publisher/);
  });

  it('is written down for operators, and keeps its kind', async () => {
    const first = test.run([effect(), projection]);
    await waitFor(async () => (await test.count('backbone.consumer')) === 2);
    expect(await test.rows('select name, kind, stream, projection from backbone.consumer order by name')).toEqual([
      { name: 'test-effect', kind: 'fact', stream: 'tasks', projection: null },
      { name: 'test-projection', kind: 'state', stream: 'tasks', projection: 'thing' },
    ]);
    await test.commit('a');
    await waitFor(async () => (await test.count('backbone.inbox')) === 2);
    await first.stop();
    // The same name, now of the other kind: it does not run.
    const { running } = test.run([
      { ...projection, name: 'test-effect' },
      { ...effect(), name: 'test-other' },
    ]);
    await test.commit('b');
    await waitFor(() => running.fresh('test-other'));
    await waitFor(async () => (await test.count('effect')) === 3);
    expect(running.fresh('test-effect')).toBe(false);
    expect(await test.count('thing')).toBe(1);
    expect(await test.count("backbone.inbox where consumer = 'test-effect'")).toBe(1);
  });
});
