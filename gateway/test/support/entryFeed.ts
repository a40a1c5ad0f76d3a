import { EventEmitter, once } from 'node:events';
import { refuse } from '#platform/errors.ts';

type Entry = { cursor: string; text: string; author: { id: string } };

const emitter = new EventEmitter().setMaxListeners(0);
let entries: Entry[] = [];
let first = 0;
let open = 0;
/** The argument `after` of each subscription so far. */
const asked: (string | null | undefined)[] = [];

/** A log that outlives its subgraph's stops: read on from a cursor, or from now on. */
export const entryFeed = {
  asked,
  open: () => open,
  publish(text: string) {
    entries.push({ cursor: `c${first + entries.length}`, text, author: { id: '1' } });
    emitter.emit('entry');
  },
  /** As if none had ever been kept: cursors that were given out have expired. */
  forget() {
    first += entries.length;
    entries = [];
  },
  last: () => entries.at(-1)?.cursor,
  resolvers: {
    entryAdded: {
      subscribe: async (_: unknown, { after }: { after?: string | null }) => {
        asked.push(after);
        const next = after == null ? first + entries.length : Number(after.slice(1)) + 1;
        if (next < first) refuse('CURSOR_EXPIRED', 'Read anew');
        return readFrom(next);
      },
    },
  },
};

function readFrom(begin: number): AsyncIterableIterator<unknown> {
  const controller = new AbortController();
  let next = begin;
  open += 1;
  const iterator: AsyncIterableIterator<unknown> = {
    async next() {
      while (!controller.signal.aborted) {
        const entry = entries[next - first];
        if (entry) {
          next += 1;
          return { value: { entryAdded: entry }, done: false };
        }
        await once(emitter, 'entry', { signal: controller.signal }).catch(() => {});
      }
      return { value: undefined, done: true };
    },
    async return() {
      if (!controller.signal.aborted) open -= 1;
      controller.abort();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
