/** Random choices that a seed repeats. */
export type Random = {
  seed: number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** `count` moments out of the middle 90 % of `total`, in order. */
  moments(count: number, total: number): number[];
  /** The same things in another order. */
  shuffled<T>(things: readonly T[]): T[];
};

/** Mulberry32: small, and the same sequence everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    between,
    moments: (count, total) =>
      Array.from({ length: count }, () => between(Math.ceil(total * 0.05), Math.floor(total * 0.95))).sort(
        (a, b) => a - b,
      ),
    shuffled(things) {
      const rest = [...things];
      for (let last = rest.length - 1; last > 0; last--) {
        const other = between(0, last);
        [rest[last], rest[other]] = [rest[other] as (typeof rest)[0], rest[last] as (typeof rest)[0]];
      }
      return rest;
    },
  };
}
