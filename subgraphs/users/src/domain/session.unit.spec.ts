import { expect, it } from '@jest/globals';
import { isLive, newSession, refreshed } from './session.ts';

const now = new Date('2026-11-20T09:30:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const session = newSession({ id: 's', userId: 'u', client: { address: '::1', userAgent: 'curl/8' }, now });

it('begins where the person is, and lasts 30 days', () => {
  expect(session).toMatchObject({ device: 'curl', ip: '::1', createdAt: now, lastSeenAt: now, expiresAt: days(30) });
  expect([isLive(session, days(29)), isLive(session, days(30))]).toEqual([true, false]);
});

it('lasts 30 days from the last refresh on, but 180 in all', () => {
  const client = { address: '203.0.113.9', userAgent: null };
  expect(refreshed(session, client, days(20))).toMatchObject({
    ip: '203.0.113.9',
    device: 'curl',
    lastSeenAt: days(20),
    expiresAt: days(50),
  });
  expect(refreshed(session, client, days(170)).expiresAt).toEqual(days(180));
});

it('does not go on once it was ended', () => {
  expect(isLive({ ...session, endedAt: now }, now)).toBe(false);
});
