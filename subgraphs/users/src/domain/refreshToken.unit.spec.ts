import { describe, expect, it } from '@jest/globals';
import {
  decideRefresh,
  hashRefreshToken,
  isRefreshToken,
  newRefreshToken,
  openSuccessor,
  REPEAT_MS,
  sealSuccessor,
} from './refreshToken.ts';

describe('a refresh token', () => {
  it('is 256 random bits in base64url', () => {
    const tokens = new Set(Array.from({ length: 100 }, newRefreshToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) {
      expect(isRefreshToken(token)).toBe(true);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    }
  });

  it.each(['', 'x', `${'x'.repeat(43)}=`, 'x'.repeat(44), `${'x'.repeat(42)}+`, `${'x'.repeat(43)}\n`])(
    'is not %j',
    (text) => {
      expect(isRefreshToken(text)).toBe(false);
    },
  );

  it('is kept as its SHA-256', () => {
    expect(Buffer.from(hashRefreshToken('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('alone opens its successor', () => {
    const [presented, successor] = [newRefreshToken(), newRefreshToken()];
    const sealed = sealSuccessor(presented, successor);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain(successor);
    expect(openSuccessor(presented, sealed)).toBe(successor);
    expect(() => openSuccessor(newRefreshToken(), sealed)).toThrow();
    sealed[sealed.length - 1] = (sealed.at(-1) as number) ^ 1;
    expect(() => openSuccessor(presented, sealed)).toThrow();
  });
});

describe('decideRefresh', () => {
  const usedAt = new Date('2026-11-20T09:30:00Z');
  const successor = new Uint8Array([1]);
  const at = (ms: number) => new Date(usedAt.getTime() + ms);

  it('rotates the live token', () => {
    expect(decideRefresh({ usedAt: null, successor: null }, at(0))).toBe('rotate');
  });

  it('repeats for ten seconds, and takes what comes later for stolen', () => {
    expect(decideRefresh({ usedAt, successor }, at(0))).toBe('repeat');
    expect(decideRefresh({ usedAt, successor }, at(REPEAT_MS))).toBe('repeat');
    expect(decideRefresh({ usedAt, successor }, at(REPEAT_MS + 1))).toBe('reused');
    expect(decideRefresh({ usedAt, successor: null }, at(0))).toBe('reused');
  });
});
