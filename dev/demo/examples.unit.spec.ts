import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import { root } from '#platform/root.ts';

it('the examples fit the schema', () => {
  const supergraph = Supergraph.build(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'));
  const examples = parse(readFileSync(join(root, 'dev/demo/examples.graphql'), 'utf8'));
  expect(validate(supergraph.apiSchema().toGraphQLJSSchema(), examples)).toEqual([]);
});
