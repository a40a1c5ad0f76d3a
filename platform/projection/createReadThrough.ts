import { createMisses } from './createMisses.ts';

/** What a read-through needs to know of one projection. `Db` is a Prisma client or a transaction of it. */
export type ReadThroughOptions<Db, Key, Value> = {
  /** A text that stands for the key: two keys are the same when their texts are. */
  keyOf: (key: Key) => string;
  /** What the projection has, in the order of the keys; null where it has nothing. */
  find: (db: Db, keys: readonly Key[]) => Promise<(Value | null)[]>;
  /** Asks the owner over a guarded call; null when the owner knows nothing. Throws SERVICE_UNAVAILABLE when it can't be asked. */
  ask: (key: Key) => Promise<Value | null>;
  /** Upserts into the projection where the stored version is lower. */
  keep: (db: Db, value: Value) => Promise<unknown>;
  /** How long the owner's "there is none" is remembered. */
  missSeconds?: number;
  now?: () => number;
};

/** Reads a projection, and asks its owner for what is missing in it. */
export type ReadThrough<Db, Key, Value> = {
  /**
   * One entry per key, in the keys' order; null where neither the projection nor the owner has anything.
   * With `believe`, an entry of the projection that it refuses (a tombstone, say) is confirmed with the owner first.
   * Throws SERVICE_UNAVAILABLE when the owner had to be asked and couldn't be: a guess would be worse.
   */
  load(db: Db, keys: readonly Key[], believe?: (value: Value) => boolean): Promise<(Value | null)[]>;
};

/**
 * A projection that lags behind its owner is filled on demand, so that whoever has just created something can go on with it
 * at once. Concurrent questions about one key share one call, and a miss is remembered for `missSeconds`, so that asking
 * for what doesn't exist costs the owner next to nothing.
 */
export function createReadThrough<Db, Key, Value>(
  options: ReadThroughOptions<Db, Key, Value>,
): ReadThrough<Db, Key, Value> {
  const { keyOf, find, ask, keep } = options;
  const asking = new Map<string, Promise<Value | null>>();
  const misses = createMisses(options);

  const askOnce = (key: Key): Promise<Value | null> => {
    const text = keyOf(key);
    if (misses.has(text)) return Promise.resolve(null);
    const running = asking.get(text);
    if (running) return running;
    const asked = ask(key)
      .then((value) => {
        if (value === null) misses.add(text);
        return value;
      })
      .finally(() => asking.delete(text));
    asking.set(text, asked);
    return asked;
  };

  return {
    async load(db, keys, believe = () => true) {
      const found = await find(db, keys);
      const answers = new Map<string, { key: Key; value: Value | null }>();
      for (const [index, key] of keys.entries()) {
        const value = found[index] ?? null;
        if (value === null || !believe(value)) answers.set(keyOf(key), { key, value: null });
      }
      if (answers.size === 0) return found;
      await Promise.all([...answers.values()].map(async (answer) => (answer.value = await askOnce(answer.key))));
      // In the order of the keys: `db` may be a transaction, and two that fill the same rows must lock them the same way round.
      for (const [, { value }] of [...answers].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (value !== null) await keep(db, value);
      }
      return keys.map((key, index) => {
        const answer = answers.get(keyOf(key));
        return answer ? (answer.value ?? found[index] ?? null) : (found[index] ?? null);
      });
    },
  };
}
