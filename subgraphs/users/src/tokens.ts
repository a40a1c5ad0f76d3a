import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Viewer } from '#platform/identity/viewer.ts';

/** An access token, and when it expires. */
export type AccessToken = { accessToken: string; expiresAt: Date };

/** Access tokens: what the gateway verifies with the published key. */
export type Tokens = {
  /** A token for a session: ES256, with iss, sub, sid, iat, exp and the key's id. */
  issue(viewer: Viewer, now: Date): AccessToken;
  /** The public key as a JSON Web Key Set (RFC 7517). */
  jwks: { keys: Record<string, string>[] };
};

/** @param seconds how long a token is good */
export function createTokens({ key, issuer, seconds }: { key: KeyObject; issuer: string; seconds: number }): Tokens {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' }) as Record<string, string>;
  // RFC 7638: the required members in lexicographic order, without white space.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return {
    issue({ userId, sessionId }, now) {
      const iat = Math.floor(now.getTime() / 1000);
      const exp = iat + seconds;
      const payload = { iss: issuer, sub: userId, sid: sessionId, iat, exp };
      const accessToken = jwt.sign(payload, key, { algorithm: 'ES256', keyid: kid });
      return { accessToken, expiresAt: new Date(exp * 1000) };
    },
    jwks: { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } as Record<string, string>] },
  };
}

/** Reads a P-256 private key: PKCS8 PEM, or the base64 of it, which fits into one line. Throws when it is none. */
export function readSigningKey(text: string): KeyObject {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('Must be a P-256 key');
  }
  return key;
}

/** A key made from a constant: the same on every start and replica in development, and known to everybody. */
export function developmentSigningKey(): KeyObject {
  const d = createHmac('sha256', 'taskgraph development access token key').digest();
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  // An uncompressed point: 4, then x and y.
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: d.toString('base64url'),
    x: x.toString('base64url'),
    y: y.toString('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
