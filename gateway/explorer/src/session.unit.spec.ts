import { expect, it } from '@jest/globals';
import { createSession, describeToken, findToken } from './session.ts';
import { testStorage } from './testStorage.ts';

it('keeps a login for each tab; a new tab begins with the one that came last', () => {
  const browser = testStorage();
  const tabs = [testStorage(), testStorage()] as const;
  const [grace, ada] = tabs.map((tab) => createSession(tab, browser));
  grace?.set('of grace');
  expect([grace?.token(), ada?.token()]).toEqual(['of grace', null]);
  ada?.set('of ada');
  expect([grace?.token(), ada?.token()]).toEqual(['of grace', 'of ada']);
  expect(tabs.map((tab) => createSession(tab, browser).token())).toEqual(['of grace', 'of ada']);
  expect(createSession(testStorage(), browser).token()).toBe('of ada');
});

it('signs out of one tab, also after a reload, and leaves the others alone', () => {
  const browser = testStorage();
  const [first, second] = [testStorage(), testStorage()];
  createSession(first, browser).set('of grace');
  createSession(second, browser).set('of ada');
  createSession(first, browser).set(null);
  expect([createSession(first, browser).token(), createSession(second, browser).token()]).toEqual([null, 'of ada']);
  createSession(second, browser).set(null);
  expect(createSession(testStorage(), browser).token()).toBeNull();
});

it('tells when the token changes', () => {
  const session = createSession(testStorage(), testStorage());
  let told = 0;
  const stop = session.subscribe(() => {
    told += 1;
  });
  for (const token of ['a', 'a', null, null]) session.set(token);
  expect(told).toBe(2);
  stop();
  session.set('b');
  expect(told).toBe(2);
});

it('finds a token wherever it lies', () => {
  expect(findToken({ a: [{ accessToken: null }, { b: { accessToken: 'x' } }] }, 'accessToken')).toBe('x');
  expect(findToken({ accessToken: 1, b: null }, 'accessToken')).toBeNull();
});

it('says of a token what it says of itself, and nothing of other texts', () => {
  const payload = Buffer.from(JSON.stringify({ sub: 'ü', exp: 1 })).toString('base64url');
  expect(describeToken(`x.${payload}.y`).expiresAt).toEqual(new Date(1000));
  expect(describeToken('opaque')).toEqual({ subject: null, expiresAt: null });
});
