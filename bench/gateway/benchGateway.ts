import { availableParallelism, loadavg } from 'node:os';
import { createScope } from '#platform/service/scope.ts';
import type { Bench, Size } from '../main.ts';
import { measureQueries, showQueries } from './queriesPart.ts';

const sizes = {
  full: { queries: { rounds: 8, seconds: 4, warmRequests: 6_000, connections: 16 } },
  short: { queries: { rounds: 3, seconds: 2, warmRequests: 3_000, connections: 16 } },
  smoke: { queries: { rounds: 1, seconds: 0.2, warmRequests: 20, connections: 2 } },
} satisfies Record<Size, object>;

const parts = ['queries'] as const;

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
  const wants = (name: (typeof parts)[number]) => part === undefined || part === name;
  try {
    const queries = wants('queries')
      ? await measureQueries(chosen.queries, { scope, print, peers: size !== 'smoke' })
      : undefined;
    if (queries) print(`${showQueries(queries)}\n`);
    return { machine: { cores, load: Number(load.toFixed(1)), node: process.version }, ...(queries && { queries }) };
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await scope.close();
  }
};
