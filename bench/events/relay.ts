import { createScope, type Scope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import type { Ground } from '../ground.ts';
import { type Latency, latencyOf, type Spread, showSpread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { type WayName, wayNames } from './alternatives.ts';
import { type Bounds, showBounds } from './bounds.ts';
import type { ReceiverAnswer } from './programs/receiver.ts';
import type { SenderAnswer, SenderRequest } from './programs/sender.ts';
import { startProgram } from './startProgram.ts';

/** How the ways compare at one rate. Times in milliseconds, medians over the rounds; ratios round by round. */
export type RelayFigures = {
  perSecond: number;
  rounds: number;
  events: number;
  lost: number;
  ways: Record<string, { p50: Spread; p99: Spread }>;
  /** Ours to the bare loop: to the handler's first line, and to its written effect, which the bare loop has none of. */
  toBare: { p50: Spread; p99: Spread };
  writtenToBare: { p50: Spread; p99: Spread };
  /** The poller's p50 to ours. */
  pollerToOurs: Spread;
  /** What is bounded, of the medians of these ratios. */
  bounds: Bounds;
};

/** A way with both its processes. */
type Way = { name: WayName; run(perSecond: number, seconds: number): Promise<Measured> };

/** From the commit to the handler's first line, and to its written effect. */
type Measured = Latency & { written: Latency };

/**
 * Commit → consumer handler, beside a bare publish-and-consume loop and a poller: the same events, at the same rate, in
 * turns of some seconds, the order changing from round to round. Who publishes and who consumes are processes of their own,
 * as subgraphs are.
 */
export async function measureRelay(
  ground: Ground,
  size: { rates: readonly number[]; rounds: number; seconds: number },
): Promise<RelayFigures[]> {
  const scope = createScope({ seconds: 20 });
  try {
    const ways: Way[] = [];
    for (const name of wayNames) ways.push(await startWay(name, ground, scope));
    return await compare(ways, size);
  } finally {
    await scope.close();
  }
}

async function startWay(way: WayName, { system, database }: Ground, scope: Scope): Promise<Way> {
  const input = { way, databaseUrl: await database(way), natsUrl: system.urls.nats };
  const receiver = await startProgram('receiver', input, scope);
  const sender = await startProgram('sender', input, scope);
  return {
    name: way,
    async run(perSecond, seconds) {
      const { begun } = await sender.ask<SenderAnswer>({ perSecond, seconds } satisfies SenderRequest);
      const since = new Map(begun);
      const took = { begun: [] as number[], written: [] as number[] };
      const collect = async () => {
        const { arrived } = await receiver.ask<ReceiverAnswer>({});
        for (const [key, stage, at] of arrived) {
          const from = since.get(key);
          if (from !== undefined) took[stage].push(at - from);
        }
        return took.begun.length >= begun.length && (way === 'bare' || took.written.length >= begun.length);
      };
      await waitFor(collect, { timeoutMs: 10_000, everyMs: 100 }).catch(() => {});
      return { ...latencyOf(took.begun), written: latencyOf(took.written) };
    },
  };
}

async function compare(
  ways: readonly Way[],
  size: { rates: readonly number[]; rounds: number; seconds: number },
): Promise<RelayFigures[]> {
  // Connections, statements and code warm up.
  for (const way of ways) for (const perSecond of [50, 200]) await way.run(perSecond, size.seconds);

  const figures: RelayFigures[] = [];
  for (const perSecond of size.rates) {
    const rounds: Record<string, Measured>[] = [];
    for (let index = 0; index < size.rounds; index++) {
      const turn = [...ways.slice(index % ways.length), ...ways.slice(0, index % ways.length)];
      const measured: Record<string, Measured> = {};
      for (const way of turn) measured[way.name] = await way.run(perSecond, size.seconds);
      rounds.push(measured);
    }
    figures.push(sumUp(perSecond, size.seconds, rounds));
  }
  return figures;
}

function sumUp(perSecond: number, seconds: number, rounds: Record<string, Measured>[]): RelayFigures {
  const of = (way: string, part: 'p50' | 'p99' | 'count') => rounds.map((one) => (one[way] as Measured)[part]);
  const written = (part: 'p50' | 'p99') => rounds.map((one) => (one.ours as Measured).written[part]);
  const ratio = (a: number[], b: number[]) => spreadOf(a.map((value, index) => value / (b[index] as number)));
  const names = Object.keys(rounds[0] ?? {});
  const events = names.flatMap((name) => of(name, 'count')).reduce((sum, count) => sum + count, 0);
  const toBare = {
    p50: ratio(of('ours', 'p50'), of('bare', 'p50')),
    p99: ratio(of('ours', 'p99'), of('bare', 'p99')),
  };
  const pollerToOurs = ratio(of('polled', 'p50'), of('ours', 'p50'));
  return {
    perSecond,
    rounds: rounds.length,
    events,
    lost: rounds.length * names.length * Math.round(perSecond * seconds) - events,
    ways: Object.fromEntries(
      names.map((name) => [name, { p50: spreadOf(of(name, 'p50')), p99: spreadOf(of(name, 'p99')) }]),
    ),
    toBare,
    writtenToBare: {
      p50: ratio(written('p50'), of('bare', 'p50')),
      p99: ratio(written('p99'), of('bare', 'p99')),
    },
    pollerToOurs,
    bounds: {
      'ours to bare, p50': { value: toBare.p50.median, bound: 'at most 2' },
      'ours to bare, p99': { value: toBare.p99.median, bound: 'at most 3' },
      'poller to ours, p50': { value: pollerToOurs.median, bound: 'at least 10' },
    },
  };
}

/** The figures as text. */
export const showRelay = (figures: readonly RelayFigures[]): string =>
  figures
    .map(({ perSecond, ways, toBare, writtenToBare, pollerToOurs, rounds, bounds }) =>
      [
        `Commit → handler at ${perSecond}/s, ms (median of ${rounds} rounds, lowest–highest)`,
        table(
          ['', 'p50', 'p99'],
          Object.entries(ways).map(([name, { p50, p99 }]) => [name, showSpread(p50), showSpread(p99)]),
        ),
        `  ours to bare: p50 x${showSpread(toBare.p50)}, p99 x${showSpread(toBare.p99)}; poller to ours: p50 x${showSpread(pollerToOurs)}`,
        `  to the written effect: p50 x${showSpread(writtenToBare.p50)}, p99 x${showSpread(writtenToBare.p99)} of the bare loop, which writes none`,
        showBounds(bounds),
      ].join('\n'),
    )
    .join('\n\n');
