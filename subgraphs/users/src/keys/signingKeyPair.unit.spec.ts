import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  developmentSigningKey,
  newSigningKeyPair,
  openKey,
  readSigningKey,
  sealKey,
  signingKeyPair,
} from './signingKeyPair.ts';

const newMaster = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('a key of access tokens', () => {
  it('publishes no private part, and is named by its RFC 7638 thumbprint', () => {
    // The thumbprint is checked against one computed with the P-256 example key of RFC 7515, A.3.
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    };
    const d = 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI';
    const pem = createPrivateKey({ key: { ...jwk, d }, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
    const pair = signingKeyPair(readSigningKey(pem as string));
    const kid = 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U';
    expect(pair.kid).toBe(kid);
    expect(pair.jwk).toEqual({ ...jwk, kid, use: 'sig', alg: 'ES256' });
  });

  it('is taken as PEM or as the base64 of it, and only on P-256', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(readSigningKey(pem).equals(privateKey)).toBe(true);
    expect(readSigningKey(Buffer.from(pem).toString('base64')).equals(privateKey)).toBe(true);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    expect(() => readSigningKey(other.export({ type: 'pkcs8', format: 'pem' }) as string)).toThrow('P-256');
    expect(() => readSigningKey('nonsense')).toThrow();
  });

  it('is the same on every start in development', () => {
    expect(developmentSigningKey().equals(developmentSigningKey())).toBe(true);
  });

  it('is opened by the master that has sealed it, under its own name, and by nothing else', () => {
    const [master, pair] = [newMaster(), newSigningKeyPair()];
    const sealed = sealKey(master, pair);
    expect(openKey(master, pair.kid, sealed)?.key.equals(pair.key)).toBe(true);
    expect(openKey(newMaster(), pair.kid, sealed)).toBeUndefined();
    expect(openKey(master, newSigningKeyPair().kid, sealed)).toBeUndefined();
    const { d = '' } = pair.key.export({ format: 'jwk' });
    expect(Buffer.from(sealed).includes(Buffer.from(d, 'base64url'))).toBe(false);
  });
});
