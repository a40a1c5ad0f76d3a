import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { waitFor } from '#platform/testing/index.ts';
import { effect, type Fixture, projection, startFixture } from './fixture.ts';

let test: Fixture;
beforeEach(async () => {
  test = await startFixture();
});
afterEach(() => test.scope.close());

/** Well below the 10 s after which a scope gives up on what it waits for. */
const budgetMs = 5_000;

it('consumers that have only just begun stop soon, as when the port of their service turns out to be taken', async () => {
  const { stop } = test.run([effect(), projection]);
  const start = performance.now();
  await stop();
  expect(performance.now() - start).toBeLessThan(budgetMs);
});

it('what a stopped worker has not begun with goes to another one at once', async () => {
  let away = true;
  const refusing = effect({
    fail() {
      // As Postgres being away: then pulling pauses.
      if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    },
  });
  const first = test.run([refusing]);
  await test.commit(...Array.from({ length: 40 }, (_, index) => `thing ${index}`));
  await waitFor(async () => /outcome="outage"} [1-9]/.test(await first.registry.metrics()));
  await first.stop();
  away = false;
  test.run([refusing]);
  const start = performance.now();
  // All but what was on its way at the stop, for which the ack wait of 5 s counts.
  await waitFor(async () => (await test.count('effect')) >= 32);
  expect(performance.now() - start).toBeLessThan(4_000);
  await waitFor(async () => (await test.count('effect')) === 40, { timeoutMs: 10_000 });
}, 20_000);
