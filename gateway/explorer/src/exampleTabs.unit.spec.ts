import { expect, it } from '@jest/globals';
import { exampleTabs } from './exampleTabs.ts';
import { describeToken, findToken } from './session.ts';

it('fills in the names of variables that have to be given', () => {
  const plain = '{ a }';
  const query = 'query ($id: ID!, $n: Int!, $list: [ID!]!, $input: In!, $given: Int! = 1, $free: ID) { a }';
  expect(exampleTabs([plain, query])).toEqual([
    { query: plain },
    { query, variables: JSON.stringify({ id: '', n: 0, list: [], input: null }, null, 2) },
  ]);
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
