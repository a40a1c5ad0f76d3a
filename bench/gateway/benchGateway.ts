import { availableParallelism, loadavg } from 'node:os';
import { createScope } from '#platform/service/scope.ts';
import type { Bench, Size } from '../main.ts';
import { measureEvents, showEvents } from './measureEvents.ts';
import { measureQueries, showQueries } from './measureQueries.ts';
import { measureSockets, showSockets } from './measureSockets.ts';

const sizes = {
  full: {
    queries: { rounds: 6, nested: 4_000, me: 12_000, warm: 4_000, connections: 16 },
    events: { rounds: 6, events: 10_000, warmEvents: 5_000, subscribers: 16 },
    sockets: { sockets: 5_000, warmEvents: 5_000, rates: [200, 1_000], seconds: 15 },
  },
  short: {
    queries: { rounds: 3, nested: 1_500, me: 4_000, warm: 3_000, connections: 16 },
    events: { rounds: 3, events: 4_000, warmEvents: 3_000, subscribers: 16 },
    sockets: { sockets: 5_000, warmEvents: 3_000, rates: [200, 1_000], seconds: 5 },
  },
  smoke: {
    queries: { rounds: 1, nested: 40, me: 60, warm: 20, connections: 2 },
    events: { rounds: 1, events: 40, warmEvents: 10, subscribers: 2 },
    sockets: { sockets: 20, warmEvents: 50, rates: [50], seconds: 0.5 },
  },
} satisfies Record<Size, object>;

const parts = ['queries', 'events', 'sockets'] as const;
type Part = (typeof parts)[number];

/**
 * What a request, an event and a socket cost at the gateway, beside other gateways and programs by hand (bench/README.md says
 * what each figure means). The subgraphs replay bytes; everything runs on the loopback interface.
 */
export const benchGateway: Bench = async ({ size, part, print }) => {
  if (part !== undefined && !parts.some((known) => known === part)) {
    throw new Error(`The gateway's bench has no part "${part}": ${parts.join(', ')}`);
  }
  const chosen = sizes[size];
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  print(
    `${cores} cores; load ${load.toFixed(1)} before the start${load > cores / 2 ? ': others are at work, expect worse' : ''}\n`,
  );
  const scope = createScope({ seconds: 20 });
  const leave = () => void scope.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const section = async <Figures>(
    name: Part,
    measure: () => Promise<Figures>,
    show: (figures: Figures) => string,
  ): Promise<Record<string, Figures>> => {
    if (part !== undefined && part !== name) return {};
    const figures = await measure();
    print(`${show(figures)}\n`);
    return { [name]: figures };
  };
  try {
    const withPeers = { scope, print, peers: size !== 'smoke' };
    return {
      machine: { cores, load: Number(load.toFixed(1)), node: process.version },
      ...(await section('queries', () => measureQueries(chosen.queries, withPeers), showQueries)),
      ...(await section('events', () => measureEvents(chosen.events, scope), showEvents)),
      ...(await section('sockets', () => measureSockets(chosen.sockets, scope), showSockets)),
    };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await scope.close();
  }
};
