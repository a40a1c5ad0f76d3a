import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Scope } from '#platform/service/scope.ts';
import { startRawServer } from './startRawServer.ts';

type Key = { kid: string; publicKey: KeyObject; privateKey: KeyObject };

/** Whoever signs access tokens: its keys can be rotated, and it can be away. */
export type Issuer = {
  jwksUrl: string;
  key(): Key;
  /** Signs with a new key from now on; with `publish: false` nobody can know it. A `kid` that is taken replaces that key. */
  rotate(options?: { publish?: boolean; kid?: string }): Key;
  /** Takes the current key out of the published ones. */
  withdraw(): void;
  away(away: boolean): void;
  asked(): number;
  token(claims?: Record<string, unknown>, options?: jwt.SignOptions): string;
};

export async function startIssuer(scope: Scope): Promise<Issuer> {
  let keys = [newKey()];
  let published = keys;
  let away = false;
  let asked = 0;
  const url = await startRawServer((_request, response) => {
    asked += 1;
    if (away) response.writeHead(503).end();
    else response.end(JSON.stringify({ keys: published.map(toJwk) }));
  }, scope);
  const current = () => keys.at(-1) as Key;
  return {
    jwksUrl: url,
    key: current,
    rotate({ publish = true, kid } = {}) {
      keys = [...keys.filter((key) => key.kid !== kid), newKey(kid)];
      if (publish) published = keys;
      return current();
    },
    withdraw() {
      published = published.filter(({ kid }) => kid !== current().kid);
    },
    away(value) {
      away = value;
    },
    asked: () => asked,
    token: (claims = {}, options = {}) =>
      jwt.sign({ sub: 'user-1', sid: 'session-1', ...claims }, current().privateKey, {
        algorithm: 'ES256',
        issuer: 'taskgraph',
        ...('aud' in claims ? {} : { audience: 'taskgraph' }),
        keyid: current().kid,
        ...('exp' in claims ? {} : { expiresIn: 300 }),
        ...options,
      }),
  };
}

function newKey(kid: string = randomUUID()): Key {
  return { kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

function toJwk({ kid, publicKey }: Key) {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
}
