import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/index.ts';
import { effect, type Fixture, startFixture } from './fixture.ts';

let test: Fixture;
beforeEach(async () => {
  test = await startFixture();
});
afterEach(() => test.scope.close());

describe('the metrics of the workers', () => {
  const value = async (registry: { metrics(): Promise<string> }, name: string) =>
    new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, 'm').exec(await registry.metrics())?.[1];

  it('tell how far consumers are behind, what they have put aside, and the backlog', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { registry } = test.run([
      effect({
        async fail() {
          await held;
          throw new Error('cannot be handled');
        },
      }),
    ]);
    await test.commit('a');
    await waitFor(async () => (await value(registry, 'taskgraph_consumer_ack_pending')) === '1');
    expect(await value(registry, 'taskgraph_consumer_pending')).toBe('0');
    await waitFor(async () => Number(await value(registry, 'taskgraph_consumer_oldest_seconds')) > 0);
    release();
    await waitFor(async () => (await value(registry, 'taskgraph_dead_letters')) === '1');
    await waitFor(async () => (await value(registry, 'taskgraph_consumer_ack_pending')) === '0');
    expect(await value(registry, 'taskgraph_consumer_oldest_seconds')).toBe('0');
    expect(await value(test.registry, 'taskgraph_outbox_backlog')).toBe('0');
    expect(await value(test.registry, 'taskgraph_outbox_oldest_seconds')).toBe('0');
  }, 20_000);

  it('are scraped quickly without NATS, then without what it would tell; the backlog is seen to grow', async () => {
    const { registry } = test.run([effect()]);
    await waitFor(async () => (await value(registry, 'taskgraph_consumer_pending')) === '0');
    await test.natsServer.kill();
    await test.commit('a', 'b');
    await waitFor(async () => (await value(registry, 'taskgraph_consumer_pending')) === undefined);
    const started = performance.now();
    const text = await registry.metrics();
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(text).toContain('taskgraph_dead_letters{consumer="test-effect"} 0');
    await waitFor(async () => (await value(test.registry, 'taskgraph_outbox_backlog')) === '2');
    await waitFor(async () => Number(await value(test.registry, 'taskgraph_outbox_oldest_seconds')) > 0);
  }, 20_000);
});
