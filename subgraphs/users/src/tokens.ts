import jwt from 'jsonwebtoken';
import type { Viewer } from '#platform/identity/viewer.ts';
import type { SigningKeyPair } from './keys/signingKeyPair.ts';

/** An access token, and when it expires. */
export type AccessToken = { accessToken: string; expiresAt: Date };

/** Access tokens: what the gateway verifies with the published keys. */
export type Tokens = {
  /** A token for a session: ES256, with iss, aud, sub, sid, iat, exp and the key's id. */
  issue(viewer: Viewer, now: Date): AccessToken;
};

/**
 * @param signer the key that signs at this time
 * @param seconds how long a token is good
 */
export function createTokens({
  signer,
  issuer,
  audience,
  seconds,
}: {
  signer: (now: Date) => SigningKeyPair;
  issuer: string;
  audience: string;
  seconds: number;
}): Tokens {
  return {
    issue({ userId, sessionId }, now) {
      const { kid, key } = signer(now);
      const iat = Math.floor(now.getTime() / 1000);
      const exp = iat + seconds;
      const payload = { iss: issuer, aud: audience, sub: userId, sid: sessionId, iat, exp };
      const accessToken = jwt.sign(payload, key, { algorithm: 'ES256', keyid: kid });
      return { accessToken, expiresAt: new Date(exp * 1000) };
    },
  };
}
