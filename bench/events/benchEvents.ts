import { availableParallelism, loadavg } from 'node:os';
import { startGround } from '../ground.ts';
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
export const benchEvents: Bench = async ({ size, print }) => {
  const chosen = sizes[size];
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  print(
    `${cores} cores; load ${load.toFixed(1)} before the start${load > cores / 2 ? ': others are at work, expect worse' : ''}\n`,
  );
  const ground = await startGround(['notifications']);
  const leave = () => void ground.scope.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const section = async <Figures>(show: (figures: Figures) => string, measured: Promise<Figures>): Promise<Figures> => {
    const figures = await measured;
    print(`${show(figures)}\n`);
    return figures;
  };
  try {
    const socket = await section(showSocket, measureSocket(ground, chosen.socket));
    await ground.system.stopService('notifications');
    return {
      machine: { cores, load: Number(load.toFixed(1)) },
      relay: await section(showRelay, measureRelay(ground, chosen.relay)),
      socket,
      sustained: await section(showSustained, measureSustained(ground, chosen.sustained)),
      drain: await section(showDrain, measureDrain(ground, chosen.drain)),
      outboxCost: await section(showOutboxCost, measureOutboxCost(ground, chosen.outboxCost)),
    };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await ground.scope.close();
  }
};
