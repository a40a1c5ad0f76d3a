import { describe, expect, it } from '@jest/globals';
import { missingParts, partsOf, requireParts } from '../subgraphParts.ts';
import { subgraphs } from '../subgraphs.ts';

describe('the parts of a subgraph', () => {
  it('are there for each of the list', () => {
    expect(() => requireParts()).not.toThrow();
  });

  it('are named with the step that is missing, instead of an ENOENT later', () => {
    const start = () => requireParts(undefined, [...subgraphs, 'unwritten']);
    expect(start).toThrow(
      /dev\/subgraphs\.ts names unwritten, which is only half there:\n {2}schema\/unwritten\.graphql/,
    );
    expect(start).toThrow('prisma/unwritten/migrations/schema.prisma is missing: npm run db:diff -- unwritten init');
  });

  it('may be left out by a command that does without', () => {
    const onlySchema = (path: string) => path.startsWith('schema/');
    expect(() => requireParts(onlySchema, ['unwritten'])).toThrow(/API$/);
    const present = new Set(partsOf('unwritten').map(({ path }) => path));
    for (const path of present) {
      const missing = missingParts(['unwritten'], (one) => one !== path && present.has(one));
      expect(missing.map((part) => part.path)).toEqual([path]);
    }
  });
});
