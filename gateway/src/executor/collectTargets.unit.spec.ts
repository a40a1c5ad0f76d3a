import { expect, it } from '@jest/globals';
import { collectTargets } from './collectTargets.ts';

const many = Array.from({ length: 300_000 }, (_, id) => (id === 7 ? null : { id }));

it.each([
  ['a list', { items: many }, ['items']],
  ['the elements of a list', { items: many }, ['items', '@']],
  ['a list in a list', { groups: [{ items: many }] }, ['groups', '@', 'items']],
])('finds all that is not null in %s, however long it is', (_case, data, path) => {
  expect(collectTargets(data, path)).toHaveLength(299_999);
});
