import { refuse } from '#platform/errors.ts';

/** Has work done so many at a time; what comes then waits, and what would have to wait for too many, or too long, is refused. */
export type Turns = {
  /**
   * Does the work when it is its turn. Throws TOO_BUSY, with once to twice the seconds that the queue will take, when the queue is full or
   * takes too long; also to whom has waited too long nevertheless.
   */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Throws as `take` would now: asked before what costs something. */
  requireRoom(): void;
};

/** How much longer than the longest wait that is foreseen anything waits before it is given up. */
const patience = 1.1;

/**
 * @param running how much is done at once
 * @param waiting how much may wait for its turn
 * @param seconds how long anything may have to wait, as far as can be told from what the last ones took
 * @param now milliseconds
 */
export function createTurns({
  running,
  waiting,
  seconds,
  now = () => performance.now(),
}: {
  running: number;
  waiting: number;
  seconds: number;
  now?: () => number;
}): Turns {
  const queue: (() => void)[] = [];
  let active = 0;
  /** Of one turn, smoothed. */
  let milliseconds = 25;

  const wait = (places: number): number => (places * milliseconds) / running / 1000;

  // Spread over twice the time: whoever was refused together would come back together, and be refused together again.
  const refuseNow = (): never =>
    refuse('TOO_BUSY', 'Too many logins at once; try again shortly', {
      retryAfter: Math.max(1, Math.ceil(10 * wait(queue.length) * (1 + Math.random())) / 10),
    });

  function requireRoom(): void {
    if (active < running) return;
    if (queue.length >= waiting || wait(queue.length) > seconds) refuseNow();
  }

  return {
    requireRoom,
    async take(work) {
      requireRoom();
      const came = now();
      if (active >= running) {
        // Whoever finishes hands the turn over: `active` stays, so that nobody slips in between.
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        active += 1;
      }
      const begin = now();
      try {
        // Turns have become slower meanwhile: nobody listens to this one any more, and those behind it get a chance.
        if (begin - came > 1000 * patience * seconds) refuseNow();
        const result = await work();
        milliseconds += (now() - begin - milliseconds) / 8;
        return result;
      } finally {
        const next = queue.shift();
        if (next) next();
        else active -= 1;
      }
    },
  };
}
