import { expect, it } from '@jest/globals';
import { perTurn } from './perTurn.ts';

it('makes one for all that ask in a turn of the event loop, and another one after that', async () => {
  const get = perTurn(() => ({}));
  const first = get();
  expect(get()).toBe(first);
  await Promise.resolve();
  expect(get()).toBe(first);
  await new Promise((resolve) => setImmediate(resolve));
  expect(get()).not.toBe(first);
});
