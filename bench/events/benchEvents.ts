import { availableParallelism, loadavg } from 'node:os';
import { type Ground, startGround } from '../ground.ts';
import type { Bench, Size } from '../main.ts';
import { measureDrain, showDrain } from './drain.ts';
import { measureOutboxCost, showOutboxCost } from './outboxCost.ts';
import { measureRelay, showRelay } from './relay.ts';
import { measureSocket, showSocket } from './socket.ts';
import { measureSustained, showSustained } from './sustained.ts';

const rising = [100, 200, 300, 400, 500, 600, 800, 1000, 1250, 1500, 2000];

const sizes = {
  full: {
    relay: { rates: [50, 500], rounds: 7, seconds: 5 },
    socket: { perSecond: 300, seconds: 20, warmSeconds: 10 },
    sustained: { rates: rising, probeSeconds: 8, holdSeconds: 60 },
    drain: 200_000,
    outboxCost: { rounds: 8, tasks: 1_000 },
  },
  short: {
    relay: { rates: [50, 500], rounds: 3, seconds: 2 },
    socket: { perSecond: 300, seconds: 5, warmSeconds: 5 },
    sustained: { rates: rising, probeSeconds: 3, holdSeconds: 8 },
    drain: 40_000,
    outboxCost: { rounds: 4, tasks: 400 },
  },
  smoke: {
    relay: { rates: [20], rounds: 1, seconds: 1 },
    socket: { perSecond: 20, seconds: 1, warmSeconds: 1 },
    sustained: { rates: [10], probeSeconds: 1, holdSeconds: 1 },
    drain: 1_200,
    outboxCost: { rounds: 1, tasks: 16 },
  },
} satisfies Record<Size, object>;

/**
 * The speed of the event backbone (bench/README.md says what each figure means). Servers and the notifications subgraph are
 * started for it, on the loopback interface, and removed afterwards.
 */
export const benchEvents: Bench = async ({ size, part, print }) => {
  const chosen = sizes[size];
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  const measures: Record<keyof typeof chosen, (ground: Ground) => Promise<[object, string]>> = {
    socket: async (ground) => shown(showSocket, await measureSocket(ground, chosen.socket)),
    relay: async (ground) => shown(showRelay, await measureRelay(ground, chosen.relay)),
    sustained: async (ground) => shown(showSustained, await measureSustained(ground, chosen.sustained)),
    drain: async (ground) => shown(showDrain, await measureDrain(ground, chosen.drain)),
    outboxCost: async (ground) => shown(showOutboxCost, await measureOutboxCost(ground, chosen.outboxCost)),
  };
  const parts = Object.entries(measures).filter(([name]) => part === undefined || name === part);
  if (parts.length === 0) throw new Error(`The parts of events are ${Object.keys(measures).join(', ')}`);
  print(
    `${cores} cores; load ${load.toFixed(1)} before the start${load > cores / 2 ? ': others are at work, expect worse' : ''}\n`,
  );
  const ground = await startGround(parts.some(([name]) => name === 'socket') ? ['notifications'] : []);
  const leave = () => void ground.scope.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    const results: Record<string, object> = { machine: { cores, load: Number(load.toFixed(1)) } };
    for (const [name, measure] of parts) {
      const [figures, text] = await measure(ground);
      results[name] = figures;
      print(`${text}\n`);
      if (name === 'socket') await ground.system.stopService('notifications');
    }
    return results;
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await ground.scope.close();
  }
};

const shown = <Figures extends object>(show: (figures: Figures) => string, figures: Figures): [object, string] => [
  figures,
  show(figures),
];
