import type { Scope } from '#platform/service/scope.ts';
import { round, showSpread } from '../statistics.ts';
import { table } from '../table.ts';
import { compareEvents, type EventFigures, type EventSize } from './compareEvents.ts';
import { startApolloEvents, startOurs, surround } from './gateways.ts';
import type { ReplayReady } from './programs/replay.ts';
import { withReplay } from './withReplay.ts';

export type EventsFigures = EventFigures & { ratios: Record<string, number> };

/** An event through a subscription that asks two further subgraphs, beside @apollo/gateway's way. */
export const measureEvents = (size: EventSize, outer: Scope): Promise<EventsFigures> =>
  withReplay(outer, async (replay, scope) => {
    const around = surround(replay.ready as ReplayReady, scope);
    const gateways = [await startApolloEvents(around), await startOurs(around, false), await startOurs(around, true)];
    const figures = await compareEvents(gateways, replay, size);
    const { apollo, ours } = figures.ways;
    const ratios: EventsFigures['ratios'] = {};
    if (apollo && ours) ratios['apollo to ours'] = round(apollo.cpu.median / ours.cpu.median);
    return { ...figures, ratios };
  });

/** The figures of events as a table. */
export function showEvents({ bytes, subscribers, rounds, unequal, ways, ratios }: EventsFigures): string {
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
