import { createPrivateKey, type JsonWebKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { buildServices, bundleOf } from '#dev/build.ts';
import { freePort } from '#dev/servers/ports.ts';
import type { Scope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { graphNames, sdlOf, supergraphAt } from './graph/supergraph.ts';
import type { Peer } from './installPeer.ts';
import type { ReplayReady } from './programs/replay.ts';
import { me } from './queries.ts';
import { startNode } from './startProgram.ts';

/** A gateway that runs, and the headers that its clients send. */
export type Gateway = { name: string; url: string; pid: number; headers: Record<string, string> };

/** Where the gateways find what they need. */
export type Surroundings = { replays: ReplayReady; supergraph: string; scope: Scope };

/** Writes the supergraph with the addresses of the replays. */
export function surround(replays: ReplayReady, scope: Scope): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  scope.defer('supergraph', () => rmSync(folder, { recursive: true }));
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, supergraphAt(replays.urls));
  return { replays, supergraph, scope };
}

const program = (name: string, input: object) => [
  '--import',
  'tsx',
  join(import.meta.dirname, 'programs', `${name}.ts`),
  JSON.stringify(input),
];

/** @apollo/gateway and @apollo/server, the very packages that ours runs on, standalone. */
export const startApollo = (around: Surroundings): Promise<Gateway> =>
  start('apollo', around, (port) => ({ args: program('apollo', { supergraph: around.supergraph, port }) }));

/** Subscriptions over @apollo/gateway's executor and its data sources (programs/apolloEvents.ts). */
export const startApolloEvents = (around: Surroundings): Promise<Gateway> =>
  start('apollo', around, (port) => {
    const { supergraph, replays } = around;
    return { args: program('apolloEvents', { supergraph, urls: replays.urls, port }) };
  });

/** The program by hand, on undici or on raw sockets. */
export const startHandWritten = (around: Surroundings, transport: 'undici' | 'raw'): Promise<Gateway> =>
  start(`by hand, ${transport}`, around, (port) => ({
    args: program('handWritten', { urls: around.replays.urls, port, transport }),
  }));

/**
 * Ours as the Dockerfile starts it: the bundle, in production. `guarded`: tokens are verified and calls are signed; without it,
 * neither.
 */
export async function startOurs(around: Surroundings, guarded: boolean): Promise<Gateway> {
  await buildServices(['gateway']);
  const keys = graphNames.map((name) => `gateway>${name}:${randomBytes(32).toString('base64url')}`).join(',');
  const gateway = await start(guarded ? 'ours, guarded' : 'ours', around, (port) => ({
    args: ['--enable-source-maps', ...extraArgs(), bundleOf('gateway')],
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      SUPERGRAPH: around.supergraph,
      LOG_LEVEL: 'warn',
      CALL_KEYS: keys,
      ...(guarded
        ? { JWKS_URL: around.replays.jwks, TOKEN_ISSUER: 'bench' }
        : { IDENTITY: 'off', SIGNED_CALLS: 'off' }),
    },
  }));
  return guarded ? { ...gateway, headers: { authorization: `Bearer ${tokenOf(around.replays)}` } } : gateway;
}

/** For profiles: BENCH_NODE_ARGS="--cpu-prof …" goes to ours. */
const extraArgs = (): string[] => process.env.BENCH_NODE_ARGS?.split(' ') ?? [];

function tokenOf({ jwk }: ReplayReady): string {
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const options = {
    algorithm: 'ES256',
    keyid: 'bench',
    issuer: 'bench',
    audience: 'taskgraph',
    expiresIn: 3_600,
  } as const;
  return jwt.sign({ sub: 'user-0', sid: 'session-0' }, key, options);
}

/** Hive Gateway with its native planner, by its command. */
export const startHive = (around: Surroundings, peer: Extract<Peer, { folder: string }>): Promise<Gateway> =>
  start('hive', around, (port) => ({
    cwd: peer.folder,
    args: [
      'node_modules/@graphql-hive/gateway/dist/bin.js',
      'supergraph',
      around.supergraph,
      '--hive-router-runtime',
      '--host=127.0.0.1',
      `--port=${port}`,
    ],
    env: { LOG_LEVEL: 'warn' },
  }));

/** Mercurius' gateway composes in the style of Federation 1, and so is given the SDL in that style. */
export const startMercurius = (around: Surroundings, peer: Extract<Peer, { folder: string }>): Promise<Gateway> =>
  start('mercurius', around, (port) => {
    const services = graphNames.map((name) => ({
      name,
      url: around.replays.urls[name],
      mandatory: true,
      schema: federation1(sdlOf(name), name === 'comments'),
    }));
    return { cwd: peer.folder, args: ['main.js', JSON.stringify({ services, port })] };
  });

function federation1(sdl: string, extendsTask: boolean): string {
  const external = (type: string, text: string) =>
    text.replace(type, `extend ${type}`).replace(/(extend type (?:User|Task) @key[^}]*?id: ID!)/, '$1 @external');
  const plain = sdl.replace(/^extend schema.*$/m, '').replace(/^type (?=Query|Subscription)/gm, 'extend type ');
  const users = plain.includes(', resolvable: false')
    ? external('type User @key(fields: "id")', plain.replace(', resolvable: false', ''))
    : plain;
  return extendsTask ? external('type Task @key(fields: "id")', users) : users;
}

type Start = { args: string[]; env?: Record<string, string>; cwd?: string };

async function start(name: string, { scope }: Surroundings, how: (port: number) => Start): Promise<Gateway> {
  const port = await freePort();
  const { args, env = {}, cwd } = how(port);
  const child = startNode(args, env, scope, cwd);
  const url = `http://127.0.0.1:${port}/graphql`;
  await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`it has ended with ${child.exitCode}`);
      // Anything that GraphQL has answered will do: who calls compares the answers.
      return (await ask({ url, headers: {} }, me.document, {})).startsWith('{');
    },
    { timeoutMs: 60_000 },
  );
  return { name, url, pid: child.pid as number, headers: {} };
}

/** One request; the text of the answer. */
export async function ask(
  { url, headers }: Pick<Gateway, 'url' | 'headers'>,
  query: string,
  variables: Record<string, unknown>,
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}
