import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createLogger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { createKeySet } from '../../gateway/src/identity/createKeySet.ts';
import { createRevocations } from '../../gateway/src/identity/createRevocations.ts';
import { createVerifier } from '../../gateway/src/identity/createVerifier.ts';
import { showSpread } from '../statistics.ts';
import { type Added, cpuEach } from './cpuEach.ts';

/** What a token costs the gateway that it has seen before, and one that it sees for the first time. */
export type TokensFigures = { tokens: number; endedSessions: number; seen: Added; first: Added };

const limit = 5;

/**
 * The gateway's own verifier, with its key set and its revocations, asked for the identity of a request: with a token, and
 * without one. Keys and ended sessions come over HTTP, as from users.
 */
export async function measureTokens(
  size: { rounds: number; calls: number; firsts: number; tokens: number },
  scope: Scope,
): Promise<TokensFigures> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const endedSessions = 1_000;
  const users = await publish(scope, {
    '/jwks': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }] },
    '/revocations': { sessions: Array.from({ length: endedSessions }, () => ({ id: randomUUID(), at: Date.now() })) },
  });
  const log = createLogger({ service: 'bench', level: 'silent' });
  const lifetimeSeconds = 600;
  const revocations = createRevocations({
    ...{ service: 'users', url: `${users}/revocations`, events: undefined },
    ...{ keys: parseCallKeys(undefined, false), lifetimeSeconds, log, scope },
  });
  const from = { issuer: 'bench', audience: 'bench' };
  const verify = createVerifier({
    keySet: createKeySet({ url: `${users}/jwks`, log }),
    ...{ ...from, revocations, lifetimeSeconds },
  });
  const newHeader = () => {
    const claims = { sub: randomUUID(), sid: randomUUID() };
    const options = { algorithm: 'ES256', keyid: 'bench', ...from, expiresIn: lifetimeSeconds } as const;
    return `Bearer ${jwt.sign(claims, privateKey, options)}`;
  };
  const headers = Array.from({ length: size.tokens }, newHeader);
  for (const header of headers) await verify(header);
  const seen = await cpuEach(size, {
    with: (index) => verify(headers[index % headers.length]),
    without: () => verify(undefined),
  });
  const fresh = Array.from({ length: size.firsts * (size.rounds + 1) }, newHeader);
  const first = await cpuEach(
    { rounds: size.rounds, calls: size.firsts },
    { with: () => verify(fresh.pop()), without: () => verify(undefined) },
  );
  return { tokens: size.tokens, endedSessions, seen, first };
}

async function publish(scope: Scope, documents: Record<string, object>): Promise<string> {
  const server = createServer((request, response) => response.end(JSON.stringify(documents[request.url ?? ''])));
  scope.defer('what users publishes', () => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The figures as text. */
export const showTokens = ({ tokens, endedSessions, seen, first }: TokensFigures): string =>
  [
    `identity of a request at the gateway, µs of CPU; ${tokens} tokens in turn, ${endedSessions} ended sessions are remembered`,
    `  a token seen before adds  ${showSpread(seen.added)}: ${seen.added.median} of the ${limit} that it may`,
    `  a token's first time adds ${showSpread(first.added)}`,
  ].join('\n');
