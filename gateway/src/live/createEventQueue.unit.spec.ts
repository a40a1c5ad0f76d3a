import { expect, it } from '@jest/globals';
import { createEventQueue } from './createEventQueue.ts';

it('gives what was pushed, in order, then ends', async () => {
  const queue = createEventQueue<number>(10, () => {});
  queue.push(1);
  const second = queue.events.next().then(() => queue.events.next());
  queue.push(2);
  queue.push(3);
  queue.end();
  expect((await second).value).toBe(2);
  const rest: number[] = [];
  for await (const event of queue.events) rest.push(event);
  expect(rest).toEqual([3]);
});

it('throws its error after what is waiting', async () => {
  const queue = createEventQueue<number>(10, () => {});
  queue.push(1);
  queue.end(new Error('over'));
  expect((await queue.events.next()).value).toBe(1);
  await expect(queue.events.next()).rejects.toThrow('over');
});

it('refuses what is beyond its limit, and everything after its end', () => {
  const queue = createEventQueue<number>(2, () => {});
  expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
  queue.end();
  expect(queue.push(4)).toBe(false);
});

it('lets go of a consumer that waits or has not begun, and says so once', async () => {
  for (const began of [true, false]) {
    let returned = 0;
    const queue = createEventQueue<number>(2, () => {
      returned += 1;
    });
    const waiting = began ? queue.events.next() : undefined;
    await queue.events.return(undefined);
    await queue.events.return(undefined);
    expect(await waiting).toEqual(began ? { value: undefined, done: true } : undefined);
    expect({ returned, pushed: queue.push(1) }).toEqual({ returned: 1, pushed: false });
  }
});
