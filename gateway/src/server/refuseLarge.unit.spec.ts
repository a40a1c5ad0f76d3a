import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { countSelections, refuseLarge } from './refuseLarge.ts';

const counted = (query: string) => {
  const document = parse(query);
  return countSelections(document, getOperationAST(document) as OperationDefinitionNode);
};
const refusal = (query: string, limit: number) => () => {
  const document = parse(query);
  refuseLarge(document, getOperationAST(document) as OperationDefinitionNode, limit);
};
const doubling = (levels: number) =>
  `{ ...F${levels} } fragment F0 on A { id } ${Array.from({ length: levels }, (_, at) => `fragment F${at + 1} on A { a { ...F${at} } b { ...F${at} } }`).join(' ')}`;

describe('selections', () => {
  it.each([
    ['{ a }', 1],
    ['{ a { b c } d }', 4],
    ['{ ... on A { b ... { c } } }', 4],
    ['{ x { ...F } y { ...F } } fragment F on A { a b { c } }', 10],
    ['{ a } fragment F on A { a b c }', 1],
  ])('%s: %d', (query, count) => {
    expect(counted(query)).toBe(count);
  });

  it('are counted in as long as the document is, however much it expands to', () => {
    expect(counted(doubling(2_000))).toBe(Number.POSITIVE_INFINITY);
    expect(counted(doubling(14))).toBe(5 * 2 ** 14 - 3);
  });

  it('are counted however deep they are', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `fragment F${at} on A { ...F${at + 1} }`).join(' ');
    expect(counted(`{ ...F0 } ${chain} fragment F20000 on A { id }`)).toBe(20_002);
  });
});

describe('an operation', () => {
  it('is refused above the limit, and not at it; 0 is no limit', () => {
    expect(refusal('{ a b c }', 2)).toThrow('more than 2 fields and fragments');
    expect(refusal('{ a b c }', 3)).not.toThrow();
    expect(refusal('{ a b c }', 0)).not.toThrow();
  });

  it('may be the introspection query, by default', () => {
    expect(refusal(getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true }), 2_000)).not.toThrow();
  });
});
