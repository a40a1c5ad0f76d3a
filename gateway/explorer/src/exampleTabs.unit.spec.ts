import { expect, it } from '@jest/globals';
import { exampleTabs } from './exampleTabs.ts';

it('fills in the names of variables that have to be given', () => {
  const plain = '{ a }';
  const query = 'query ($id: ID!, $n: Int!, $list: [ID!]!, $input: In!, $given: Int! = 1, $free: ID) { a }';
  expect(exampleTabs([plain, query])).toEqual([
    { query: plain },
    { query, variables: JSON.stringify({ id: '', n: 0, list: [], input: null }, null, 2) },
  ]);
});
