/** A number in [0, 2³²) that depends on nothing but these parts: the same in every process. */
export function hashOf(...parts: (string | number | boolean)[]): number {
  let hash = 0x811c9dc5;
  const text = parts.join('\u0000');
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // FNV leaves neighbours near to each other: this spreads them (the finisher of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Numbers that follow from a seed. */
export type Random = {
  /** An integer in [0, bound). */
  below(bound: number): number;
  chance(probability: number): boolean;
  /** @throws Error when there is nothing to pick from */
  pick<T>(from: readonly T[]): T;
};

export function createRandom(seed: string | number): Random {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return hashOf(seed, drawn);
  };
  return {
    below: (bound) => next() % bound,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick(from) {
      if (from.length === 0) throw new Error('there is nothing to pick from');
      return from[next() % from.length] as (typeof from)[number];
    },
  };
}
