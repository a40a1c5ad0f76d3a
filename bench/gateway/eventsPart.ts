import { createScope, type Scope } from '#platform/service/scope.ts';
import { round, showSpread } from '../statistics.ts';
import { table } from '../table.ts';
import { startApolloEvents, startOurs, surround } from './gateways.ts';
import {
  type EventFigures,
  type EventSize,
  measureEvents,
  measureSockets,
  type SocketFigures,
  type SocketSize,
} from './measureEvents.ts';
import type { ReplayReady } from './programs/replay.ts';
import { type Program, startProgram } from './startProgram.ts';

export type EventsPartFigures = EventFigures & { ratios: Record<string, number> };

/** An event through a subscription that asks two further subgraphs, beside @apollo/gateway's way. */
export const measureEventsPart = (size: EventSize, outer: Scope): Promise<EventsPartFigures> =>
  withReplay(outer, async (replay, scope) => {
    const around = surround(replay.ready as ReplayReady, scope);
    const gateways = [await startApolloEvents(around), await startOurs(around, false), await startOurs(around, true)];
    const figures = await measureEvents(gateways, replay, size);
    const { apollo, ours } = figures.ways;
    const ratios: EventsPartFigures['ratios'] = {};
    if (apollo && ours) ratios['apollo to ours'] = round(apollo.cpu.median / ours.cpu.median);
    return { ...figures, ratios };
  });

/** Many sockets on one gateway: memory of each, and how late events are. */
export const measureSocketsPart = (size: SocketSize, outer: Scope): Promise<SocketFigures> =>
  withReplay(outer, async (replay, scope) => {
    const gateway = await startOurs(surround(replay.ready as ReplayReady, scope), false);
    return measureSockets(gateway, replay, size);
  });

async function withReplay<T>(outer: Scope, work: (replay: Program, scope: Scope) => Promise<T>): Promise<T> {
  const scope = createScope({ seconds: 20 });
  outer.defer('part', () => scope.close());
  try {
    return await work(await startProgram('replay', scope), scope);
  } finally {
    await scope.close();
  }
}

/** The figures of events as a table. */
export function showEvents({ bytes, subscribers, rounds, unequal, ways, ratios }: EventsPartFigures): string {
  const rows = Object.entries(ways).map(([name, { cpu, perSecond, p50, p99, sent, received }]) => [
    name,
    showSpread(cpu),
    showSpread(perSecond),
    p50.median,
    showSpread(p99),
    sent - received,
  ]);
  const answers = unequal.length > 0 ? `OTHER MESSAGES: ${unequal.join(', ')}` : 'all messages are equal';
  const ratio = Object.entries(ratios).map(([name, value]) => `${name}: ${value}`);
  return [
    `An event that asks two further subgraphs, ${bytes} bytes, ${subscribers} subscribers, ${rounds} rounds; ${answers}`,
    table(['', 'CPU µs an event', 'events/s', 'p50 ms', 'p99 ms', 'lost'], rows),
    `  ${ratio.join(', ')}; ours should be at most 80 µs`,
  ].join('\n');
}

/** The figures of the sockets as a table. */
export function showSockets({ sockets, rssPerSocket, steady }: SocketFigures): string {
  const rows = steady.map(({ perSecond, sent, received, p50, p99, cpu }) => [
    perSecond,
    cpu,
    p50,
    p99,
    sent - received,
  ]);
  return [
    `${sockets} subscribers on one gateway, a socket each: ${rssPerSocket} KiB of memory a socket (at most 30)`,
    'Events at a steady rate, each to one subscriber, with two further subgraphs asked',
    table(['events/s', 'CPU µs an event', 'p50 ms', 'p99 ms', 'lost'], rows),
  ].join('\n');
}
