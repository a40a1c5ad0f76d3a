import { hashOf } from '../random.ts';

/** Decides in which order answers arrive, so that two executors that ask the same things hear them in the same order. */
export type Clock = {
  /** Resolves when it is this call's turn: one at a time, the one with the smallest hash first. */
  turn(key: string): Promise<void>;
};

export function createClock(): Clock {
  const waiting: { due: number; go: () => void }[] = [];
  const release = () => {
    waiting.sort((a, b) => a.due - b.due);
    waiting.shift()?.go();
    if (waiting.length > 0) setImmediate(release);
  };
  return {
    turn: (key) =>
      new Promise((go) => {
        // Whatever was sent at the same time waits together, since all of it is sent before the next immediate.
        if (waiting.push({ due: hashOf(key), go }) === 1) setImmediate(release);
      }),
  };
}
