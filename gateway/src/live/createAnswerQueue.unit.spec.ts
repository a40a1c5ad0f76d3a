import { describe, expect, it } from '@jest/globals';
import { createAnswerQueue } from './createAnswerQueue.ts';

/** A queue whose answers come when the test says so. */
function setUp(atOnce: number) {
  const asked = new Map<string, (text: string) => void>();
  const left: [string, number][] = [];
  const queue = createAnswerQueue<string>({
    atOnce,
    answer: (event) => new Promise((resolve) => asked.set(event, resolve)),
    deliver: (text, number) => void left.push([text, number]),
  });
  const answer = async (event: string) => {
    asked.get(event)?.(event.toUpperCase());
    await Promise.resolve();
  };
  return { queue, asked, left, answer };
}

describe('the queue of answers', () => {
  it('works on several at once and no more, and lets them leave in order', async () => {
    const { queue, asked, left, answer } = setUp(2);
    for (const event of ['a', 'b', 'c']) queue.push(event);
    expect([...asked.keys()]).toEqual(['a', 'b']);
    await answer('b');
    expect([left, [...asked.keys()], queue.waiting]).toEqual([[], ['a', 'b', 'c'], 3]);
    await answer('c');
    await answer('a');
    expect([left, queue.waiting, queue.pushed]).toEqual([
      [
        ['A', 0],
        ['B', 1],
        ['C', 2],
      ],
      0,
      3,
    ]);
  });

  it('says when it is empty: at once, or after the last has left', async () => {
    const { queue, left, answer } = setUp(2);
    let empty = 0;
    queue.whenEmpty(() => {
      empty += 1;
    });
    expect(empty).toBe(1);
    queue.push('a');
    queue.whenEmpty(() => {
      empty += left.length;
    });
    expect(empty).toBe(1);
    await answer('a');
    expect(empty).toBe(2);
  });

  it('lets nothing leave once it is stopped, in the middle of a delivery too', async () => {
    const left: string[] = [];
    const queue = createAnswerQueue<string>({
      atOnce: 2,
      answer: async (event) => event,
      deliver(text) {
        left.push(text);
        queue.stop();
      },
    });
    queue.push('a');
    queue.push('b');
    await new Promise(setImmediate);
    queue.push('c');
    expect([left, queue.waiting, queue.pushed]).toEqual([['a'], 0, 2]);
  });
});
