import { expect, it } from '@jest/globals';
import { createTabStorage } from './tabStorage.ts';
import { testStorage } from './testStorage.ts';

it('keeps what a tab writes for that tab, and for those that are opened later', () => {
  const browser = testStorage({ other: 'x' });
  const [first, second] = [testStorage(), testStorage()];
  createTabStorage(first, browser).setItem('graphiql:query', '{ a }');
  createTabStorage(second, browser).setItem('graphiql:query', '{ b }');
  const reloaded = [first, second, testStorage()].map((tab) => createTabStorage(tab, browser));
  expect(reloaded.map((tab) => tab.getItem('graphiql:query'))).toEqual(['{ a }', '{ b }', '{ b }']);
  expect(reloaded.map((tab) => [tab.getItem('other'), tab.length])).toEqual([...Array(3)].map(() => [null, 1]));
  reloaded[0]?.clear();
  expect([Object.keys(first), Object.keys(browser), second.getItem('graphiql:query')]).toEqual([
    [],
    ['other'],
    '{ b }',
  ]);
});
