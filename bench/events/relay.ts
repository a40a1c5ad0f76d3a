import { waitFor } from '#platform/testing/waitFor.ts';
import type { Ground } from '../ground.ts';
import { type Latency, latencyOf, type Spread, showSpread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { bareWay, newKey, ourWay, pollingWay, type Way } from './alternatives.ts';
import { steadily } from './steady.ts';

/** How the ways compare at one rate. Times in milliseconds, medians over the rounds; ratios round by round. */
export type RelayFigures = {
  perSecond: number;
  rounds: number;
  events: number;
  lost: number;
  ways: Record<string, { p50: Spread; p99: Spread }>;
  /** Ours to the bare loop. */
  toBare: { p50: Spread; p99: Spread };
  /** The poller's p50 to ours. */
  pollerToOurs: Spread;
};

/**
 * Commit → consumer handler, beside a bare publish-and-consume loop and a poller: the same events, at the same rate, in
 * turns of some seconds in this process, the order changing from round to round.
 */
export async function measureRelay(
  ground: Ground,
  size: { rates: readonly number[]; rounds: number; seconds: number },
): Promise<RelayFigures[]> {
  const begun = new Map<string, number>();
  let took: number[] = [];
  const arrived = (key: string) => {
    const at = begun.get(key);
    if (at === undefined) return;
    took.push(performance.now() - at);
    begun.delete(key);
  };
  const ways = [
    await bareWay(ground, await ground.database('bare'), arrived),
    await ourWay(ground, await ground.database('ours'), arrived),
    await pollingWay(ground, await ground.database('polled'), arrived),
  ];
  const run = async (way: Way, perSecond: number, seconds: number): Promise<Latency> => {
    took = [];
    begun.clear();
    const send = () => {
      const key = newKey();
      return way.send(key, () => begun.set(key, performance.now()));
    };
    const { calls, failed } = await steadily({ perSecond, seconds, call: send });
    await waitFor(() => took.length >= calls - failed, { timeoutMs: 10_000 }).catch(() => {});
    return latencyOf(took);
  };
  // Connections, statements and code warm up.
  for (const way of ways) for (const perSecond of [50, 200]) await run(way, perSecond, size.seconds);

  const figures: RelayFigures[] = [];
  for (const perSecond of size.rates) {
    const rounds: Record<string, Latency>[] = [];
    for (let index = 0; index < size.rounds; index++) {
      const turn = [...ways.slice(index % ways.length), ...ways.slice(0, index % ways.length)];
      const measured: Record<string, Latency> = {};
      for (const way of turn) measured[way.name] = await run(way, perSecond, size.seconds);
      rounds.push(measured);
    }
    figures.push(sumUp(perSecond, size.seconds, rounds));
  }
  return figures;
}

function sumUp(perSecond: number, seconds: number, rounds: Record<string, Latency>[]): RelayFigures {
  const of = (way: string, part: 'p50' | 'p99' | 'count') => rounds.map((one) => (one[way] as Latency)[part]);
  const ratio = (a: number[], b: number[]) => spreadOf(a.map((value, index) => value / (b[index] as number)));
  const names = Object.keys(rounds[0] ?? {});
  const events = names.flatMap((name) => of(name, 'count')).reduce((sum, count) => sum + count, 0);
  return {
    perSecond,
    rounds: rounds.length,
    events,
    lost: rounds.length * names.length * Math.round(perSecond * seconds) - events,
    ways: Object.fromEntries(
      names.map((name) => [name, { p50: spreadOf(of(name, 'p50')), p99: spreadOf(of(name, 'p99')) }]),
    ),
    toBare: {
      p50: ratio(of('ours', 'p50'), of('bare', 'p50')),
      p99: ratio(of('ours', 'p99'), of('bare', 'p99')),
    },
    pollerToOurs: ratio(of('polled', 'p50'), of('ours', 'p50')),
  };
}

/** The figures as text. */
export const showRelay = (figures: readonly RelayFigures[]): string =>
  figures
    .map(({ perSecond, ways, toBare, pollerToOurs, rounds }) =>
      [
        `Commit → handler at ${perSecond}/s, ms (median of ${rounds} rounds, lowest–highest)`,
        table(
          ['', 'p50', 'p99'],
          Object.entries(ways).map(([name, { p50, p99 }]) => [name, showSpread(p50), showSpread(p99)]),
        ),
        `  ours to bare: p50 x${showSpread(toBare.p50)}, p99 x${showSpread(toBare.p99)}; poller to ours: p50 x${showSpread(pollerToOurs)}`,
      ].join('\n'),
    )
    .join('\n\n');
