import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { root } from '#platform/root.ts';
import { freePort } from '#platform/testing/freePort.ts';
import { composeGraph, supergraphFile } from '../gateway/graph/supergraph.ts';
import { installPeer } from '../gateway/installPeer.ts';

it('runs the supergraph that its subgraphs compose to (else: npx tsx bench/gateway/graph/supergraph.ts)', () => {
  const written = (sdl: string) => print(parse(sdl));
  expect(written(readFileSync(supergraphFile, 'utf8'))).toBe(written(composeGraph()));
});

it('says why a peer cannot be installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-peer-'));
  const registry = `http://127.0.0.1:${await freePort()}/`;
  const env = {
    ...process.env,
    npm_config_registry: registry,
    npm_config_fetch_retries: '0',
    npm_config_cache: join(folder, 'cache'),
  };
  try {
    const peer = await installPeer('mercurius', () => {}, { folder, env });
    expect(peer).toEqual({ missing: expect.stringMatching(/^npm install failed: .*ECONNREFUSED/) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

// Times are for the bench to print: here only what was counted and compared.
describe('npm run bench -- gateway', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the figures as they are printed
  let figures: any;
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'bench/main.ts', 'gateway', '--smoke'],
      { cwd: root, maxBuffer: 10_000_000 },
    );
    figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  }, 240_000);

  it('prints its figures as one JSON object in the last line', () => {
    expect(figures).toMatchObject({ bench: 'gateway', size: 'smoke' });
  });

  it('asks every gateway for both queries, and gets the same answer from each', () => {
    const ways = ['apollo', 'ours', 'ours, guarded', 'by hand, undici', 'by hand, raw'];
    expect(figures.queries.queries.map(({ query }: { query: string }) => query)).toEqual(['nested', 'me']);
    for (const one of figures.queries.queries) {
      expect(Object.keys(one.ways)).toEqual(ways);
      expect(one.unequal).toEqual([]);
    }
  });

  it('makes the calls that the plan has, no fewer: four for the nested query, one for the flat one', () => {
    const [nested, me] = figures.queries.queries;
    for (const [way, { calls, different, requests }] of Object.entries<Record<string, number>>(nested.ways)) {
      expect([way, calls, different, requests]).toEqual([way, 4, 0, 40]);
    }
    for (const [way, { calls, different, requests }] of Object.entries<Record<string, number>>(me.ways)) {
      expect([way, calls, different, requests]).toEqual([way, 1, 0, 60]);
    }
  });

  it('takes every event to its subscriber, with what two further subgraphs say of it, the same by all ways', () => {
    expect(Object.keys(figures.events.ways)).toEqual(['apollo', 'ours', 'ours, guarded']);
    expect(figures.events.unequal).toEqual([]);
    expect(figures.events.bytes).toBeGreaterThan(400);
    for (const { sent, received } of Object.values<Record<string, number>>(figures.events.ways)) {
      expect({ sent, received }).toEqual({ sent: 40, received: 40 });
    }
  });

  it('takes every event to one of many sockets', () => {
    expect(figures.sockets.sockets).toBe(20);
    expect(figures.sockets.steady).toEqual([expect.objectContaining({ perSecond: 50, sent: 25, received: 25 })]);
  });

  it('says in words why a peer is not there', () => {
    expect(figures.queries.peers).toEqual({ hive: 'not asked for', mercurius: 'not asked for' });
  });
});
