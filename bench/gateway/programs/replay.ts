import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAnswerer } from '../graph/answer.ts';
import { type GraphName, graphNames } from '../graph/supergraph.ts';
import { anyProject, projectId } from '../queries.ts';
import { createReplay, responseOf } from '../replay.ts';

/** What the replays say once they listen. `jwk` is the private key of the issuer that they play. */
export type ReplayReady = { urls: Record<GraphName, string>; jwks: string; jwk: object };

/**
 * The subgraphs, and the issuer of access tokens, as one process that costs nothing: each body is prepared once, and its
 * bytes are replayed from then on.
 */
const calls: Record<string, number> = {};
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
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const urls = Object.fromEntries(await Promise.all(graphNames.map(async (name) => [name, await listen(name)])));
// Whoever asks is told how many calls have come to each.
process.on('message', () => process.send?.({ ...calls }));
process.once('disconnect', () => process.exit(0));
const ready: ReplayReady = {
  urls,
  jwks: urls.users.replace('/graphql', '/.well-known/jwks.json'),
  jwk: privateKey.export({ format: 'jwk' }),
};
process.send?.(ready);
