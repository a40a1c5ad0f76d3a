import { expect, it } from '@jest/globals';
import { isDue, publishedKeys, rotation, type SigningKeyTimes, signingKey } from './signingKey.ts';

const now = new Date('2026-11-20T09:30:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const key = (kid: string, signsFrom: number, retiresAt: number | null = null): SigningKeyTimes => ({
  kid,
  createdAt: at(signsFrom),
  signsFrom: at(signsFrom),
  retiresAt: retiresAt === null ? null : at(retiresAt),
});

it('one key signs: the last of those that have begun to and are not retired', () => {
  const keys = [key('old', -1000, 500), key('current', -100), key('next', 100), key('gone', -50, -10)];
  expect(signingKey(keys, now)?.kid).toBe('current');
  expect(signingKey(keys, at(100))?.kid).toBe('next');
  expect(publishedKeys(keys, now).map(({ kid }) => kid)).toEqual(['old', 'current', 'next']);
  expect(publishedKeys(keys, at(500)).map(({ kid }) => kid)).toEqual(['current', 'next']);
  expect(signingKey([], now)).toBeUndefined();
});

it('a rotation publishes the new key before it signs, and the old one until its last token has expired', () => {
  const { signsFrom, othersRetireAt } = rotation({ now, tokenSeconds: 600 }, false);
  const keys = [
    { ...key('old', -1000), retiresAt: othersRetireAt },
    { ...key('new', 0), signsFrom },
  ];
  // Gateways ask once a minute, and may get an answer that is a minute old.
  expect(signsFrom.getTime() - now.getTime()).toBeGreaterThan(120_000);
  for (let second = 0; second < 2_000; second += 1) {
    const signing = signingKey(keys, at(second));
    const expiry = new Date(at(second).getTime() + 600_000);
    expect(publishedKeys(keys, expiry)).toContain(signing);
  }
  expect(publishedKeys(keys, othersRetireAt).map(({ kid }) => kid)).toEqual(['new']);
});

it('a compromised key retires at once, and another signs', () => {
  const { signsFrom, othersRetireAt } = rotation({ now, tokenSeconds: 600 }, true);
  const keys = [
    { ...key('old', -1000), retiresAt: othersRetireAt },
    { ...key('new', 0), signsFrom },
  ];
  expect(publishedKeys(keys, now).map(({ kid }) => kid)).toEqual(['new']);
  expect(signingKey(keys, now)?.kid).toBe('new');
});

it('is due when the last key is as old as the schedule says', () => {
  const keys = [key('old', -100 * 86_400), key('current', -30 * 86_400)];
  expect([isDue(keys, 30, now), isDue(keys, 31, now)]).toEqual([true, false]);
});
