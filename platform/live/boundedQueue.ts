import type { LiveStream } from './createLive.ts';

/** A queue between a callback that pushes and an iterator that pulls. Beyond its limit the oldest items are dropped. */
export type BoundedQueue<Item> = {
  push(item: Item): void;
  /** Ends the iteration after what is queued. */
  end(): void;
  /** The one iterator over the queue; `release` runs once, when the reader stops. */
  iterate(release: () => void): LiveStream<Item>;
};

/** Makes a queue of at most `limit` items. */
export function boundedQueue<Item>(limit: number): BoundedQueue<Item> {
  const items: Item[] = [];
  let waiting: ((result: IteratorResult<Item>) => void) | null = null;
  let ended = false;
  let released = false;

  const end = () => {
    ended = true;
    waiting?.({ value: undefined, done: true });
    waiting = null;
  };

  return {
    push(item) {
      if (ended) return;
      if (waiting) {
        waiting({ value: item, done: false });
        waiting = null;
        return;
      }
      if (items.length >= limit) items.shift();
      items.push(item);
    },
    end,
    iterate(release) {
      const stop = async (): Promise<IteratorResult<Item>> => {
        end();
        items.length = 0;
        if (!released) {
          released = true;
          release();
        }
        return { value: undefined, done: true };
      };
      return {
        next() {
          const [item] = items.splice(0, 1);
          if (item !== undefined) return Promise.resolve({ value: item, done: false });
          if (ended) return Promise.resolve({ value: undefined, done: true });
          return new Promise((resolve) => {
            waiting = resolve;
          });
        },
        return: stop,
        async throw(error) {
          await stop();
          throw error;
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
