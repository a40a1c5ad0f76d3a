import { createScope } from '#platform/service/scope.ts';
import { createSubgraph, type Subgraph, type SubgraphOptions } from './createSubgraph.ts';

/** The subgraphs of all generations that are in use. */
export type Subgraphs = {
  /** Takes one that is there, or makes it: one for each name and URL, so that whoever stays keeps the connections. */
  take(urls: ReadonlyMap<string, string>): Lease;
};

/** What one generation has of them. */
export type Lease = {
  /** By name. */
  subgraphs: ReadonlyMap<string, Subgraph>;
  /** Keeps them, as far as they are still there, for something that may outlast a request, until what is returned is called. */
  hold(): () => void;
  /** The generation isn't the current one any more: once its requests are over and nobody holds it, nothing of it is kept. */
  retire(): void;
};

/** A subgraph, what releases it, and how many holds there are on it: one of each generation, and those that outlast it. */
type Entry = { subgraph: Subgraph; release(): Promise<void>; users: number };

/** Makes subgraphs as they are needed, and releases them when no generation in use has them, or with the scope. */
export function createSubgraphs({
  requestMs,
  ...options
}: SubgraphOptions & {
  /** How long a request may go on, in milliseconds: for so long a generation is in use after it was replaced. */
  requestMs: number;
}): Subgraphs {
  const { log, scope } = options;
  const entries = new Map<string, Entry>();
  scope.defer('subgraphs', () => Promise.all([...entries.values()].map(({ release }) => release())));

  function entryOf(name: string, url: string): Entry {
    const key = `${name} ${url}`;
    const known = entries.get(key);
    if (known) return known;
    const own = createScope({ log });
    const subgraph = createSubgraph(name, url, { ...options, scope: own });
    const entry: Entry = {
      subgraph,
      users: 0,
      release() {
        // There may be a new one in its place.
        if (entries.get(key) === entry) entries.delete(key);
        return own.close();
      },
    };
    entries.set(key, entry);
    return entry;
  }

  return {
    take(urls) {
      const taken = [...urls].map(([name, url]) => entryOf(name, url));

      /** Each hold counts for itself: one that comes when the others are gone keeps what others have kept so far. */
      function hold(): () => void {
        for (const entry of taken) entry.users += 1;
        let held = true;
        return () => {
          if (!held) return;
          held = false;
          for (const entry of taken) {
            entry.users -= 1;
            if (entry.users === 0) void entry.release();
          }
        };
      }

      const letGo = hold();
      return {
        subgraphs: new Map(taken.map(({ subgraph }) => [subgraph.name, subgraph])),
        hold,
        retire: () => void setTimeout(letGo, requestMs).unref(),
      };
    },
  };
}
