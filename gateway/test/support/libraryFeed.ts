import { EventEmitter, on, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Call } from '#platform/identity/viewer.ts';
import { requireViewer } from '#platform/identity/viewer.ts';

const emitter = new EventEmitter().setMaxListeners(0);
let open = 0;

/** The events of the library's books, and how many subscriptions listen to them. */
export const libraryFeed = {
  open: () => open,
  /** What a slow mutation waits for, and what lets it go on. */
  released: () => once(emitter, 'release'),
  release: () => emitter.emit('release'),
  publish(field: 'bookAdded' | 'mediumAdded' | 'whispered', event: unknown) {
    emitter.emit(field, event);
  },
  resolvers: {
    bookAdded: {
      subscribe: (_: unknown, { genre }: { genre?: string }) =>
        listen('bookAdded', (book) => !genre || (book as { genre?: string }).genre === genre),
    },
    mediumAdded: { subscribe: () => listen('mediumAdded') },
    guarded: {
      subscribe: (_: unknown, _arguments: unknown, { call }: { call: Call }) => {
        requireViewer(call.viewer);
        return listen('bookAdded');
      },
    },
    whispered: {
      subscribe: (_: unknown, _arguments: unknown, { call }: { call: Call }) =>
        listen('whispered', (whisper) => (whisper as { to: string }).to === call.viewer?.userId),
    },
    fails: {
      subscribe: () => {
        throw new Error('secret detail of the books service');
      },
    },
    flood: {
      subscribe: async function* (_: unknown, { size, count }: { size: number; count: number }) {
        open += 1;
        try {
          for (let number = 0; number < count; number += 1) {
            yield { flood: { number, text: 'x'.repeat(size) } };
            await setImmediate();
          }
        } finally {
          open -= 1;
        }
      },
    },
  },
};

/** Listens from now on, not from the first next(): what is published right after a subscription is not missed. */
function listen(field: string, wanted: (event: unknown) => boolean = () => true): AsyncGenerator<unknown> {
  const controller = new AbortController();
  const events = on(emitter, field, { signal: controller.signal });
  open += 1;
  let ended = false;
  const stop = () => {
    if (!ended) open -= 1;
    ended = true;
    controller.abort();
  };
  return {
    async next() {
      for (;;) {
        try {
          const { value, done } = await events.next();
          if (done) return { value: undefined, done: true };
          if (wanted(value[0])) return { value: { [field]: value[0], guarded: value[0] }, done: false };
        } catch {
          return { value: undefined, done: true };
        }
      }
    },
    async return() {
      stop();
      return { value: undefined, done: true };
    },
    async throw(error) {
      stop();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      stop();
    },
  };
}
