import { readFileSync } from 'node:fs';
import type { Scope } from '#platform/service/scope.ts';
import { cpuSeconds } from '../cpuSeconds.ts';
import { round } from '../statistics.ts';
import { table } from '../table.ts';
import { askReplay } from './compareEvents.ts';
import { type Gateway, startOurs, surround } from './gateways.ts';
import type { ReplayReady } from './programs/replay.ts';
import type { EventsAnswer } from './runEvents.ts';
import type { Program } from './startProgram.ts';
import { withReplay } from './withReplay.ts';

/** Many subscribers on one gateway, each with a socket of its own. */
export type SocketFigures = {
  sockets: number;
  /** Resident memory of the gateway's process per socket, KiB; null where /proc doesn't tell. */
  rssPerSocket: number | null;
  /** Events at a steady rate, each to one subscriber. */
  steady: (EventsAnswer & { perSecond: number; cpu: number })[];
};

export type SocketSize = { sockets: number; warmEvents: number; rates: number[]; seconds: number };

/** Many sockets on one gateway: memory of each, and how late events are. */
export const measureSockets = (size: SocketSize, outer: Scope): Promise<SocketFigures> =>
  withReplay(outer, async (replay, scope) => {
    const gateway = await startOurs(surround(replay.ready as ReplayReady, scope), false);
    return watchSockets(gateway, replay, size);
  });

/** Opens the sockets, and looks at the memory before and after; then sends events at steady rates. */
async function watchSockets(
  { url, headers, pid }: Gateway,
  replay: Program,
  { sockets, warmEvents, rates, seconds }: SocketSize,
): Promise<SocketFigures> {
  // What is needed once, code above all, is there before the first look.
  await askReplay(replay, { kind: 'open', url, headers, count: 50 });
  await askReplay(replay, { kind: 'closed', events: warmEvents });
  await askReplay(replay, { kind: 'close' });
  const before = rssKib(pid);
  await askReplay(replay, { kind: 'open', url, headers, count: sockets });
  const after = rssKib(pid);
  const steady: SocketFigures['steady'] = [];
  for (const perSecond of rates) {
    const cpuBefore = cpuSeconds(pid) ?? Number.NaN;
    const answer = await askReplay<EventsAnswer>(replay, { kind: 'steady', perSecond, seconds });
    const cpu = ((cpuSeconds(pid) ?? Number.NaN) - cpuBefore) * 1e6;
    steady.push({ ...answer, perSecond, cpu: round(cpu / answer.received) });
  }
  await askReplay(replay, { kind: 'close' });
  const rssPerSocket = before === null || after === null ? null : round((after - before) / sockets);
  return { sockets, rssPerSocket, steady };
}

/** VmRSS of a process; null where there is no /proc. */
function rssKib(pid: number): number | null {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
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
