import type { FetchNode } from '@apollo/query-planner';
import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { resumableOperation } from './resumableOperation.ts';

const fields = new Map([['added', { argument: 'after', argumentType: 'String', cursor: 'cursor' }]]);
const of = (operation: string) => resumableOperation({ operation } as FetchNode, fields);
const same = (text: string | undefined, expected: string) => expect(text).toBe(print(parse(expected)));

describe('an operation that can be resumed', () => {
  it.each([
    [
      'no argument',
      'subscription { added { text } }',
      'subscription ($resumeAfter: String) { added(after: $resumeAfter) { text resumeCursor: cursor } }',
    ],
    [
      'a literal beside another argument',
      'subscription S($id: ID!) { a: added(id: $id, after: "x") { text } }',
      'subscription S($id: ID!, $resumeAfter: String) { a: added(id: $id, after: $resumeAfter) { text resumeCursor: cursor } }',
    ],
    [
      'a variable that nothing else uses',
      'subscription ($a: String) { added(after: $a) { text } }',
      'subscription ($resumeAfter: String) { added(after: $resumeAfter) { text resumeCursor: cursor } }',
    ],
    [
      'a variable that something else uses, and names that are taken',
      'subscription ($resumeAfter: String) { added(after: $resumeAfter) { text(like: $resumeAfter) resumeCursor: id } }',
      'subscription ($resumeAfter: String, $resumeAfter_: String) { added(after: $resumeAfter_) { text(like: $resumeAfter) resumeCursor: id resumeCursor_: cursor } }',
    ],
    [
      'a cursor that is asked for already',
      'subscription { added { at: cursor } }',
      'subscription ($resumeAfter: String) { added(after: $resumeAfter) { at: cursor } }',
    ],
  ])('%s', (_case, operation, resumed) => {
    same(of(operation)?.resume({}, 'c1').query, resumed);
  });

  it('sends the cursor, and of the variables those that are still used', () => {
    const operation = of('subscription ($a: String, $id: ID) { added(after: $a, id: $id) { text } }');
    expect(operation?.resume({ a: 'c0', id: '1' }, 'c7').variables).toEqual({ id: '1', resumeAfter: 'c7' });
    same(
      operation?.query,
      'subscription ($a: String, $id: ID) { added(after: $a, id: $id) { text resumeCursor: cursor } }',
    );
  });

  it('reads the cursor of an event, wherever the client has put its field', () => {
    const operation = of('subscription { a: added { text } }');
    expect(operation?.cursorOf({ data: { a: { text: 'x', resumeCursor: 'c1' } } })).toBe('c1');
    expect(operation?.cursorOf({ data: { a: null }, errors: [{ message: 'x' }] })).toBeUndefined();
    expect(operation?.cursorOf({ errors: [{ message: 'x' }] })).toBeUndefined();
  });

  it.each([
    ['subscription { added { text } }', {}, false],
    ['subscription { added(after: null) { text } }', {}, false],
    ['subscription { added(after: "x") { text } }', {}, true],
    ['subscription ($a: String) { added(after: $a) { text } }', {}, false],
    ['subscription ($a: String) { added(after: $a) { text } }', { a: null }, false],
    ['subscription ($a: String) { added(after: $a) { text } }', { a: 'x' }, true],
    ['subscription ($a: String = "x") { added(after: $a) { text } }', {}, true],
    ['subscription ($a: String = "x") { added(after: $a) { text } }', { a: null }, false],
  ])('%s with %j begins at a cursor: %s', (operation, variables, expected) => {
    expect(of(operation)?.beginsAtCursor(variables)).toBe(expected);
  });

  it.each(['subscription { other { text } }', 'subscription { ... on Subscription { added { text } } }'])(
    'is none: %s',
    (operation) => expect(of(operation)).toBeUndefined(),
  );
});
