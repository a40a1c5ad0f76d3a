import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { expect, it } from '@jest/globals';
import { Kind, parse, print, validate, visit } from 'graphql';
import { root } from '#platform/root.ts';
import { examplesFile, withDefaults } from './fillExamples.ts';

const schema = Supergraph.build(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'))
  .apiSchema()
  .toGraphQLJSSchema();
const examples = readFileSync(examplesFile, 'utf8');
const id = '019aa3c5-0000-7000-8000-000000000000';
const filled = withDefaults(examples, { 'WEB-0': id, WEB: id, grace: id });

it.each([
  ['as they are', examples],
  ['with the ids of the demo', filled],
  ['where these are not known', withDefaults(examples, {})],
])('the examples %s fit the schema, and a narrow editor', (_which, text) => {
  expect(validate(schema, parse(text))).toEqual([]);
  expect(text.split('\n').filter((line) => line.length > 50)).toEqual([]);
});

it('with the ids of the demo, no variable has to be filled in, and nothing else is changed', () => {
  const variables = parse(filled).definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : [],
  );
  expect(variables).toHaveLength(7);
  expect(variables.filter(({ defaultValue }) => !defaultValue)).toEqual([]);
  const withoutDefaults = visit(parse(filled), {
    enter: (node) => (node.kind === Kind.VARIABLE_DEFINITION ? { ...node, defaultValue: undefined } : undefined),
  });
  expect(print(withoutDefaults)).toBe(print(parse(examples)));
});
