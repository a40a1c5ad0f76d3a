import { isDeepStrictEqual } from 'node:util';
import { cpuSeconds } from '../cpuSeconds.ts';
import { percentile, round, type Spread, spreadOf } from '../statistics.ts';
import { ask, type Gateway } from './gateways.ts';
import type { LoadAnswer, LoadRequest } from './programs/load.ts';
import type { BenchQuery } from './queries.ts';
import type { Program } from './startProgram.ts';

/** What one gateway needs for one query. `cpu`: microseconds of its process per request. */
export type QueryWay = {
  cpu: Spread;
  perSecond: Spread;
  p50: Spread;
  p99: Spread;
  requests: number;
  /** Calls to the subgraphs per request. */
  calls: number;
  /** Answers that were no 200, or not the same bytes as the first. */
  different: number;
};

export type QueryFigures = {
  query: string;
  /** The size of the answer, bytes. */
  bytes: number;
  rounds: number;
  /** Gateways whose answer to the first request isn't that of the first gateway. */
  unequal: string[];
  ways: Record<string, QueryWay>;
};

/**
 * A round is a number of requests, not a time: on a busy machine there would be so few in it that what is measured is a program
 * that hasn't been compiled yet. `warm` requests come before the first.
 */
export type QuerySize = { rounds: number; requests: number; warm: number; connections: number };

/** Loads each gateway with the same query in turns, the order changing from round to round. */
export async function measureQuery(
  query: BenchQuery,
  gateways: readonly Gateway[],
  { load, replay }: { load: Program; replay: Program },
  { rounds, requests, warm, connections }: QuerySize,
): Promise<QueryFigures> {
  const bodies = query.variables.map((variables) => JSON.stringify({ query: query.document, variables }));
  const answers = await Promise.all(gateways.map((one) => ask(one, query.document, query.variables[0] ?? {})));
  const [first = ''] = answers;
  if (!JSON.parse(first).data) throw new Error(`${gateways[0]?.name} answers ${first.slice(0, 500)}`);
  const unequal = gateways.filter((_, at) => !sameAnswer(answers[at], first)).map(({ name }) => name);
  const runs = new Map(gateways.map(({ name }) => [name, [] as (LoadAnswer & { cpu: number; calls: number })[]]));

  const run = async ({ url, headers, pid }: Gateway, requests: number) => {
    const [callsBefore, before] = [await callsOf(replay), cpuSeconds(pid) ?? Number.NaN];
    const answer = await load.ask<LoadAnswer>({ url, headers, bodies, connections, requests } satisfies LoadRequest);
    const cpu = ((cpuSeconds(pid) ?? Number.NaN) - before) * 1e6;
    const calls = (await callsOf(replay)) - callsBefore;
    return { ...answer, cpu: cpu / answer.requests, calls: calls / answer.requests };
  };
  for (const gateway of gateways) await run(gateway, warm);
  for (let number = 0; number < rounds; number += 1) {
    const order = gateways.map((_, at) => gateways[(at + number) % gateways.length] as Gateway);
    for (const gateway of number % 2 ? order.reverse() : order) {
      // It has stood still while the others ran: caches are theirs.
      await run(gateway, Math.ceil(requests / 4));
      runs.get(gateway.name)?.push(await run(gateway, requests));
    }
  }
  return {
    query: query.name,
    bytes: Buffer.byteLength(first),
    rounds,
    unequal,
    ways: Object.fromEntries([...runs].map(([name, all]) => [name, wayOf(all)])),
  };
}

/** Answers say the same whatever the order of their keys is, and whether or not they have `extensions`. */
function sameAnswer(one: string | undefined, other: string): boolean {
  const [a, b] = [JSON.parse(one ?? 'null'), JSON.parse(other)];
  return isDeepStrictEqual([a?.data, a?.errors], [b?.data, b?.errors]);
}

async function callsOf(replay: Program): Promise<number> {
  return Object.values(await replay.ask<Record<string, number>>({ kind: 'calls' })).reduce(
    (sum, calls) => sum + calls,
    0,
  );
}

function wayOf(runs: readonly (LoadAnswer & { cpu: number; calls: number })[]): QueryWay {
  const sum = (of: (run: LoadAnswer) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    cpu: spreadOf(runs.map(({ cpu }) => cpu)),
    perSecond: spreadOf(runs.map(({ requests, seconds }) => requests / seconds)),
    p50: spreadOf(runs.map(({ p50 }) => p50)),
    p99: spreadOf(runs.map(({ p99 }) => p99)),
    requests: sum(({ requests }) => requests),
    calls: round(
      percentile(
        runs.map(({ calls }) => calls),
        0.5,
      ),
    ),
    different: sum(({ different }) => different),
  };
}
