import { expect, it } from '@jest/globals';
import { mergeAnswer } from './mergeAnswer.ts';

const merged = (target: Record<string, unknown>, source: unknown) => {
  mergeAnswer(target, source);
  return target;
};

it.each([
  ['objects are merged', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  ['lists of one length element by element', { a: [{ b: 1 }, 2] }, { a: [{ c: 2 }, 3] }, { a: [{ b: 1, c: 2 }, 3] }],
  ['lists of two lengths are replaced', { a: [{ b: 1 }] }, { a: [1, 2] }, { a: [1, 2] }],
  ['an object by a list', { a: { b: 1 } }, { a: [1] }, { a: [1] }],
  ['a list by an object', { a: [{ b: 1 }] }, { a: { length: 60_000_000 } }, { a: { length: 60_000_000 } }],
  ['by its keys too', { a: [1] }, { a: { 4000000000: 1 } }, { a: { 4000000000: 1 } }],
])('%s', (_name, target, source, expected) => {
  expect(merged(target, source)).toEqual(expected);
});
