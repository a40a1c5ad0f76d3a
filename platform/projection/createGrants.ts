import DataLoader from 'dataloader';
import { createMisses } from './createMisses.ts';

/** What is needed to know of one kind of grants. `Db` is a Prisma client or a transaction of it. */
export type GrantsOptions<Db, Key, Grant extends Key & { version: number }> = {
  /** A text that stands for the key: two keys are the same when their texts are. */
  keyOf: (key: Key) => string;
  /** Whose grant it is: the owner is asked for all of one holder. */
  holderOf: (key: Key) => string;
  /** Whether it grants anything: one that was taken back doesn't. */
  holds: (grant: Grant) => boolean;
  /** What the projection has, in the order of the keys; null where it has nothing. One query. */
  find: (db: Db, keys: readonly Key[]) => Promise<(Grant | null)[]>;
  /** Asks the owner for all that a holder has, over a guarded call. Throws SERVICE_UNAVAILABLE when it can't be asked. */
  ask: (holder: string) => Promise<Grant[]>;
  /** Upserts into the projection where the stored version is lower. One statement. */
  keep: (db: Db, grants: Grant[]) => Promise<unknown>;
  /** False while the projection can't be relied on. */
  fresh: () => boolean;
  missSeconds?: number;
  now?: () => number;
};

/** The grants as one request reads them: batched, and the owner is asked at most once for each holder. */
export type GrantReader<Key, Grant> = {
  /**
   * The grant, or null. Out of the projection, if that is fresh and has it; anything else is asked of the owner, by holder.
   * `about` is what the client named; misses are remembered by it and the holder.
   * Throws SERVICE_UNAVAILABLE when the owner had to be asked and couldn't be: a guess would be worse.
   */
  load(key: Key, about?: string): Promise<Grant | null>;
  /** The grant as the owner has it now. */
  confirm(key: Key): Promise<Grant | null>;
  /** Has a key looked up in the projection together with the next one that is loaded: they share a query. */
  expect(key: Key): void;
};

/** Grants that another subgraph owns and that decide over access here: who is what in which workspace. */
export type Grants<Db, Key, Grant> = {
  /**
   * With `misses: false` no miss is remembered, nor is one believed: for whoever asks once and can't come back, as a consumer
   * that tells a person of an event. Within 2 s of a miss they may have been let in, the event of which is still on its way.
   */
  reader(db: Db, options?: { misses?: boolean }): GrantReader<Key, Grant>;
};

/**
 * Decides over access by a projection of grants, in such a way that neither the answer nor the way to it tells whether there
 * is anything to have access to. Whoever looks for a thing that isn't there calls `load` all the same, with a key that
 * nobody is granted and the id of the thing as `about`: then the same queries run and the same calls are made as for a thing
 * that is there and isn't for this viewer, and when the owner is away both are SERVICE_UNAVAILABLE.
 *
 * That is why the owner is asked for all of a holder, which does not depend on the thing; why an ended grant in the projection
 * is confirmed like a missing one; and why a miss is remembered by what the client named and not by what that belongs to.
 * While the projection isn't fresh nothing is remembered: the holder may have been let in, or out, meanwhile.
 */
export function createGrants<Db, Key, Grant extends Key & { version: number }>(
  options: GrantsOptions<Db, Key, Grant>,
): Grants<Db, Key, Grant> {
  const { keyOf, holderOf, holds, find, ask, keep, fresh } = options;
  const misses = createMisses(options);

  return {
    reader(db, { misses: remembers = true } = {}) {
      const kept = new DataLoader((keys: readonly Key[]) => find(db, keys), { cacheKeyFn: keyOf });
      const askFor = async (holder: string) => {
        const grants = await ask(holder);
        if (grants.length > 0) await keep(db, grants);
        return new Map(grants.map((grant) => [keyOf(grant), grant]));
      };
      const owned = new DataLoader((holders: readonly string[]) =>
        Promise.all(holders.map((holder) => askFor(holder).catch((error: Error) => error))),
      );
      const confirm = async (key: Key) => (await owned.load(holderOf(key))).get(keyOf(key)) ?? null;

      return {
        confirm,
        async load(key, about = keyOf(key)) {
          const miss = `${holderOf(key)} ${about}`;
          const relied = fresh();
          const recalls = relied && remembers;
          const found = await kept.load(key);
          if (relied && found && holds(found)) return found;
          if (recalls && misses.has(miss)) return null;
          const now = await confirm(key);
          // An event may have come in while the answer was on its way.
          const grant = now && found && found.version > now.version ? found : now;
          if (recalls && !(grant && holds(grant))) misses.add(miss);
          return grant;
        },
        expect(key) {
          // Whoever loads it gets the failure.
          kept.load(key).catch(() => {});
        },
      };
    },
  };
}
