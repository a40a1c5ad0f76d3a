/** Remembers for a while what was asked for in vain. */
export type Misses = {
  has(text: string): boolean;
  add(text: string): void;
};

const MOST_MISSES = 10_000;

/** Misses are remembered for `missSeconds`, 2 unless given: asking again and again for nothing costs next to nothing. */
export function createMisses({
  missSeconds = 2,
  now = Date.now,
}: {
  missSeconds?: number;
  now?: () => number;
} = {}): Misses {
  // In insertion order, which is the order in which they run out.
  const misses = new Map<string, number>();
  return {
    has: (text) => (misses.get(text) ?? 0) > now(),
    add(text) {
      misses.delete(text);
      misses.set(text, now() + missSeconds * 1000);
      for (const [oldest, until] of misses) {
        if (misses.size <= MOST_MISSES && until > now()) break;
        misses.delete(oldest);
      }
    },
  };
}
