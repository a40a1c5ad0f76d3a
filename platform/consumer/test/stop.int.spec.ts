import { afterEach, beforeEach, expect, it } from '@jest/globals';
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
