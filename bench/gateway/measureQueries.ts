import { createScope, type Scope } from '#platform/service/scope.ts';
import { round, showSpread } from '../statistics.ts';
import { table } from '../table.ts';
import {
  type Gateway,
  startApollo,
  startHandWritten,
  startHive,
  startMercurius,
  startOurs,
  surround,
} from './gateways.ts';
import { installPeer, type PeerName, peerNames } from './installPeer.ts';
import { measureQuery, type QueryFigures, type QuerySize } from './measureQuery.ts';
import type { ReplayReady } from './programs/replay.ts';
import { me, nested } from './queries.ts';
import { startProgram } from './startProgram.ts';

/** The queries of the bench, and what they cost each gateway. */
export type QueriesFigures = {
  /** The versions of the peers, or why one is missing. */
  peers: Record<string, Record<string, string> | string>;
  queries: QueryFigures[];
  /** CPU per request of one gateway divided by another's: the medians. The bounds are of issue and README. */
  ratios: Record<string, { value: number; bound?: string }>;
};

/** How many requests of each query are in a round. */
export type QueriesSize = Omit<QuerySize, 'requests'> & { nested: number; me: number };

/** Starts every gateway there is, and measures the two queries. */
export async function measureQueries(
  size: QueriesSize,
  { scope: outer, print, peers: withPeers }: { scope: Scope; print: (text: string) => void; peers: boolean },
): Promise<QueriesFigures> {
  const scope = createScope({ seconds: 20 });
  outer.defer('queries', () => scope.close());
  try {
    const replay = await startProgram('replay', scope);
    const load = await startProgram('load', scope);
    const around = surround(replay.ready as ReplayReady, scope);
    const gateways: Gateway[] = [
      await startApollo(around),
      await startOurs(around, false),
      await startOurs(around, true),
      await startHandWritten(around, 'undici'),
      await startHandWritten(around, 'raw'),
    ];
    const peers: QueriesFigures['peers'] = {};
    const starts: Record<PeerName, typeof startHive> = { hive: startHive, mercurius: startMercurius };
    for (const name of peerNames) {
      const peer = withPeers ? await installPeer(name, print) : { missing: 'not asked for' };
      peers[name] = 'missing' in peer ? peer.missing : peer.versions;
      if ('missing' in peer) {
        if (withPeers) print(`${name} is left out: ${peer.missing}`);
        continue;
      }
      try {
        gateways.push(await starts[name](around, peer));
      } catch (error) {
        peers[name] = `did not start: ${(error as Error).message}`;
        print(`${name} is left out: ${peers[name]}`);
      }
    }
    const queries = [
      await measureQuery(nested, gateways, { load, replay }, { ...size, requests: size.nested }),
      await measureQuery(me, gateways, { load, replay }, { ...size, requests: size.me }),
    ];
    return { peers, queries, ratios: ratiosOf(queries) };
  } finally {
    await scope.close();
  }
}

function ratiosOf(queries: readonly QueryFigures[]): QueriesFigures['ratios'] {
  const ratios: QueriesFigures['ratios'] = {};
  const set = (query: string, of: string, to: string, bound?: string) => {
    const ways = queries.find((one) => one.query === query)?.ways;
    const [a, b] = [ways?.[of]?.cpu.median, ways?.[to]?.cpu.median];
    if (a === undefined || b === undefined) return;
    ratios[`${query}: ${of} to ${to}`] = { value: round(a / b), ...(bound && { bound }) };
  };
  set('nested', 'apollo', 'ours', 'at least 7');
  set('nested', 'ours', 'by hand, undici', 'at most 1.5');
  set('nested', 'ours', 'by hand, raw');
  set('nested', 'apollo', 'ours, guarded');
  set('nested', 'hive', 'ours');
  set('nested', 'mercurius', 'ours');
  set('me', 'apollo', 'ours', 'at least 6');
  set('me', 'ours', 'by hand, undici');
  set('me', 'apollo', 'ours, guarded');
  set('me', 'hive', 'ours');
  set('me', 'mercurius', 'ours');
  return ratios;
}

/** The figures as a table for each query, and the ratios. */
export function showQueries({ peers, queries, ratios }: QueriesFigures): string {
  const tables = queries.map(({ query, bytes, rounds, unequal, ways }) => {
    const rows = Object.entries(ways).map(([name, { cpu, perSecond, p50, p99, calls, different }]) => [
      name,
      showSpread(cpu),
      showSpread(perSecond),
      p50.median,
      showSpread(p99),
      calls,
      different,
    ]);
    const head = ['', 'CPU µs a request', 'requests/s', 'p50 ms', 'p99 ms', 'calls', 'different'];
    const answers = unequal.length > 0 ? `OTHER ANSWERS: ${unequal.join(', ')}` : 'all answers are equal';
    return `The query "${query}", ${bytes} bytes, ${rounds} rounds; ${answers}\n${table(head, rows)}`;
  });
  const missing = Object.entries(peers).filter(([, peer]) => typeof peer === 'string');
  const lines = Object.entries(ratios).map(([name, { value, bound }]) => [name, value, bound ?? '']);
  return [
    ...tables,
    `CPU of one divided by the CPU of the other\n${table(['', 'ratio', 'bound'], lines)}`,
    ...missing.map(([name, why]) => `${name} is missing: ${why}`),
  ].join('\n\n');
}
