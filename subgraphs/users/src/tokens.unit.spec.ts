import { createPublicKey } from 'node:crypto';
import { expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { newSigningKeyPair } from './keys/signingKeyPair.ts';
import { createTokens } from './tokens.ts';

it('access tokens are ES256 with issuer, audience, subject, session and times, signed by the key that signs then', () => {
  const now = new Date('2026-11-20T09:30:00.500Z');
  const viewer = {
    userId: '019ab000-0000-7000-8000-000000000001',
    sessionId: '019ab000-0000-7000-8000-000000000002',
  };
  const [pair, later] = [newSigningKeyPair(), newSigningKeyPair()];
  const from = { issuer: 'taskgraph', audience: 'the gateway', seconds: 600 };
  const tokens = createTokens({ signer: (at) => (at > now ? later : pair), ...from });
  const { accessToken, expiresAt } = tokens.issue(viewer, now);
  const verified = jwt.verify(accessToken, createPublicKey(pair.key), {
    complete: true,
    algorithms: ['ES256'],
    clockTimestamp: now.getTime() / 1000,
  });
  expect(verified.header).toEqual({ alg: 'ES256', typ: 'JWT', kid: pair.kid });
  const iat = 1795167000;
  expect(verified.payload).toEqual({
    iss: 'taskgraph',
    aud: 'the gateway',
    sub: viewer.userId,
    sid: viewer.sessionId,
    iat,
    exp: iat + 600,
  });
  expect(expiresAt).toEqual(new Date((iat + 600) * 1000));
  const next = tokens.issue(viewer, new Date(now.getTime() + 1)).accessToken;
  expect(jwt.decode(next, { complete: true })?.header.kid).toBe(later.kid);
});
