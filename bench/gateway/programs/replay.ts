import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createEventSource } from '../createEventSource.ts';
import { createReplay, responseOf } from '../createReplay.ts';
import { createAnswerer } from '../graph/createAnswerer.ts';
import { type GraphName, graphNames } from '../graph/supergraph.ts';
import { type Listeners, openListeners } from '../openListeners.ts';
import { anyProject, projectId } from '../queries.ts';
import { runClosed, runSteady } from '../runEvents.ts';

/** What the replays say once they listen. `jwk` is the private key of the issuer that they play. */
export type ReplayReady = { urls: Record<GraphName, string>; jwks: string; jwk: object };

/**
 * What the bench asks. `calls`: how many have come to each subgraph. The others are of subscriptions: `open` opens clients of a
 * gateway, `one` sends one event and gives the message that came of it, `closed` and `steady` send many (runEvents.ts).
 */
export type ReplayRequest =
  | { kind: 'calls' }
  | { kind: 'open'; url: string; headers: Record<string, string>; count: number }
  | { kind: 'one' }
  | { kind: 'closed'; events: number }
  | { kind: 'steady'; perSecond: number; seconds: number }
  | { kind: 'close' };

/**
 * The subgraphs, and the issuer of access tokens, as one process that costs nothing: each body is prepared once, and its
 * bytes are replayed from then on.
 */
const calls: Record<string, number> = {};
const source = createEventSource();
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = responseOf(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench' }] }));
const alive = responseOf('{"status":"ok"}');

async function listen(name: GraphName): Promise<string> {
  const answerer = createAnswerer(name);
  const known = new Map<string, Buffer | Promise<Buffer>>();
  // What was worked out for one project says what there is to say of any other.
  const templates = new Map<string, Promise<string>>();
  const prepare = async (body: string): Promise<Buffer> => {
    const [id = projectId(0)] = body.match(anyProject) ?? [];
    const general = body.replace(anyProject, projectId(0));
    const template = templates.get(general) ?? answerer(general);
    templates.set(general, template);
    const bytes = responseOf((await template).replace(anyProject, id));
    known.set(body, bytes);
    return bytes;
  };
  calls[name] = 0;
  const server = createReplay((path, body) => {
    if (path === '/.well-known/jwks.json') return keys;
    if (body === '') return alive;
    calls[name] = (calls[name] ?? 0) + 1;
    const before = known.get(body);
    if (before) return before;
    const answer = prepare(body);
    known.set(body, answer);
    return answer;
  }, source.sockets);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const urls = Object.fromEntries(await Promise.all(graphNames.map(async (name) => [name, await listen(name)])));

let listeners: Listeners | undefined;

async function answer(request: ReplayRequest): Promise<object> {
  if (request.kind === 'calls') return { ...calls };
  if (request.kind === 'open') {
    listeners = await openListeners(request);
    await waitFor(() => source.size === request.count, { timeoutMs: 60_000 });
    return {};
  }
  if (!listeners) throw new Error('nobody listens');
  const { projects } = listeners;
  if (request.kind === 'one') {
    const message = new Promise<string>((resolve) => listeners?.onEvent((_project, _cursor, text) => resolve(text)));
    source.send(projects[0] ?? '', '1');
    return { message: await message };
  }
  if (request.kind === 'closed') return runClosed(source, listeners, request.events);
  if (request.kind === 'steady') return runSteady(source, listeners, request);
  await listeners.close();
  await waitFor(() => source.size === 0, { timeoutMs: 60_000 });
  return {};
}

process.on('message', async (request: ReplayRequest) => process.send?.(await answer(request)));
process.once('disconnect', () => process.exit(0));
const ready: ReplayReady = {
  urls,
  jwks: urls.users.replace('/graphql', '/.well-known/jwks.json'),
  jwk: privateKey.export({ format: 'jwk' }),
};
process.send?.(ready);
