import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createTokens, developmentSigningKey, readSigningKey } from './tokens.ts';

const now = new Date('2026-11-20T09:30:00.500Z');
const viewer = { userId: '019ab000-0000-7000-8000-000000000001', sessionId: '019ab000-0000-7000-8000-000000000002' };

describe('access tokens', () => {
  it('are ES256 with issuer, subject, session and times, verified by the published key', () => {
    const tokens = createTokens({ key: developmentSigningKey(), issuer: 'taskgraph', seconds: 3600 });
    const { accessToken, expiresAt } = tokens.issue(viewer, now);
    const [jwk] = tokens.jwks.keys;
    const key = createPublicKey({ key: jwk as never, format: 'jwk' });
    const { header, payload } = jwt.verify(accessToken, key, {
      complete: true,
      algorithms: ['ES256'],
      clockTimestamp: now.getTime() / 1000,
    });
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: jwk?.kid });
    const iat = 1795167000;
    expect(payload).toEqual({ iss: 'taskgraph', sub: viewer.userId, sid: viewer.sessionId, iat, exp: iat + 3600 });
    expect(expiresAt).toEqual(new Date((iat + 3600) * 1000));
  });

  it('publish no private part, and name the key by its RFC 7638 thumbprint', () => {
    // The JWK thumbprint is checked against one computed with the P-256 example key of RFC 7515, A.3.
    const key = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
    };
    const pem = pemOf(key);
    const { jwks } = createTokens({ key: readSigningKey(pem), issuer: 'x', seconds: 60 });
    expect(jwks.keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        x: key.x,
        y: key.y,
        kid: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
        use: 'sig',
        alg: 'ES256',
      },
    ]);
  });

  it('take the key as PEM or as the base64 of it, and only a P-256 key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(readSigningKey(pem).equals(privateKey)).toBe(true);
    expect(readSigningKey(Buffer.from(pem).toString('base64')).equals(privateKey)).toBe(true);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    expect(() => readSigningKey(other.export({ type: 'pkcs8', format: 'pem' }) as string)).toThrow('P-256');
    expect(() => readSigningKey('nonsense')).toThrow();
  });

  it('are signed with the same key on every start in development', () => {
    expect(developmentSigningKey().equals(developmentSigningKey())).toBe(true);
  });
});

function pemOf(jwk: Record<string, string>): string {
  return createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }) as string;
}
