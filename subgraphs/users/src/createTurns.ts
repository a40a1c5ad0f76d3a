import { refuse } from '#platform/errors.ts';

/** Has work done so many at a time; what comes then waits, and what would have to wait for too many is refused. */
export type Turns = {
  /** Does the work when it is its turn. Throws TOO_BUSY, with the seconds that the queue will take, when the queue is full. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Throws as `take` would now: asked before what costs something. */
  requireRoom(): void;
};

/**
 * @param running how much is done at once
 * @param waiting how much may wait for its turn
 */
export function createTurns({ running, waiting }: { running: number; waiting: number }): Turns {
  const queue: (() => void)[] = [];
  let active = 0;
  /** Of one turn, smoothed. */
  let milliseconds = 50;

  function requireRoom(): void {
    if (active < running || queue.length < waiting) return;
    const retryAfter = Math.max(1, Math.ceil((queue.length * milliseconds) / running / 1000));
    refuse('TOO_BUSY', 'Too many logins at once; try again shortly', { retryAfter });
  }

  return {
    requireRoom,
    async take(work) {
      requireRoom();
      if (active >= running) {
        // Whoever finishes hands the turn over: `active` stays, so that nobody slips in between.
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        active += 1;
      }
      const begin = performance.now();
      try {
        return await work();
      } finally {
        milliseconds += (performance.now() - begin - milliseconds) / 8;
        const next = queue.shift();
        if (next) next();
        else active -= 1;
      }
    },
  };
}
