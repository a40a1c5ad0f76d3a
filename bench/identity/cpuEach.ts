import { type Spread, spreadOf } from '../statistics.ts';

/** What one call of something costs, in microseconds of this process' CPU (user and system), and what it adds to another. */
export type Added = { calls: number; with: Spread; without: Spread; added: Spread };

/**
 * Calls two things in turns, so often each, for so many rounds after one that doesn't count; the order changes from round to
 * round. `added` is the difference within a round. Garbage that is collected meanwhile counts where it falls.
 */
export async function cpuEach(
  { rounds, calls }: { rounds: number; calls: number },
  ways: Record<'with' | 'without', (index: number) => Promise<unknown>>,
): Promise<Added> {
  const run = async (way: (index: number) => Promise<unknown>) => {
    const before = process.cpuUsage();
    for (let index = 0; index < calls; index += 1) await way(index);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  };
  const took = { with: [] as number[], without: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    for (const name of round % 2 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      const each = await run(ways[name]);
      if (round >= 0) took[name].push(each);
    }
  }
  return {
    calls,
    with: spreadOf(took.with),
    without: spreadOf(took.without),
    added: spreadOf(took.with.map((each, round) => each - (took.without[round] ?? Number.NaN))),
  };
}
