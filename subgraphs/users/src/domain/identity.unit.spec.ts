import { describe, expect, it } from '@jest/globals';
import { canUnlink, decideFirstLogin, verifiedEmail } from './identity.ts';

describe('the first login by an identity', () => {
  it.each([
    [null, null, 'EMAIL_UNVERIFIED'],
    [null, { emailVerifiedAt: new Date() }, 'EMAIL_UNVERIFIED'],
    ['a@example.com', null, 'create'],
    ['a@example.com', { emailVerifiedAt: new Date() }, 'link'],
    ['a@example.com', { emailVerifiedAt: null }, 'EMAIL_TAKEN'],
  ])('with the address %s and the account %j: %s', (email, account, decision) => {
    expect(decideFirstLogin(email, account)).toBe(decision);
  });
});

describe('the address of a provider', () => {
  it('is normalised, if it is verified and stays the same one', () => {
    expect(verifiedEmail({ email: 'Ada@Example.COM', emailVerified: true })).toBe('ada@example.com');
    for (const email of [null, '', 'ada', 'ａda@example.com', '\u212aate@example.com', 'ada@exampleⅭom'])
      expect(verifiedEmail({ email, emailVerified: true })).toBeNull();
    expect(verifiedEmail({ email: 'ada@example.com', emailVerified: false })).toBeNull();
  });
});

describe('an identity can be unlinked', () => {
  const identities = [
    { id: '1', issuer: 'a' },
    { id: '2', issuer: 'b' },
  ];
  const known = (issuer: string) => issuer === 'a';
  it('when a password or another one that works is left', () => {
    expect(canUnlink({ userId: 'u', hasPassword: true, identities: [] }, '1', known)).toBe(true);
    expect(canUnlink({ userId: 'u', hasPassword: false, identities }, '2', known)).toBe(true);
    expect(canUnlink({ userId: 'u', hasPassword: false, identities }, '1', known)).toBe(false);
    expect(canUnlink({ userId: 'u', hasPassword: false, identities: [] }, '1', known)).toBe(false);
  });
});
