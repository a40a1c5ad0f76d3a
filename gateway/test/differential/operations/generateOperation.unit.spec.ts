import { expect, it } from '@jest/globals';
import { type DocumentNode, type GraphQLSchema, Kind, print, visit } from 'graphql';
import { composeGraph } from '../stage/composeGraph.ts';
import { catalog } from '../supergraphs/catalog.ts';
import { zoo } from '../supergraphs/zoo.ts';
import { generateOperation, type Operation } from './generateOperation.ts';

const COUNT = 400;

/** How often each thing stands in an operation at least, of a hundred operations. */
const WANTED: Record<string, number> = {
  alias: 40,
  'alias that objects inherit': 8,
  'named fragment': 20,
  'fragment spread twice': 3,
  'inline fragment': 50,
  'fragment without a type': 8,
  'condition on a field': 15,
  'condition on a fragment': 10,
  'two conditions at one place': 3,
  __typename: 30,
  introspection: 2,
  'two operations': 4,
  'argument of a list or an object': 5,
  'variable without a value': 5,
  'variable with null': 2,
  'variable with a default': 8,
  'one key for two fields': 1,
};

function featuresOf({ document, variables }: Operation): Set<string> {
  const found = new Set<string>();
  const spreads: string[] = [];
  visit(document, {
    enter(node) {
      const conditions = 'directives' in node ? (node.directives?.length ?? 0) : 0;
      if (conditions > 1) found.add('two conditions at one place');
      if (conditions > 0) found.add(node.kind === Kind.FIELD ? 'condition on a field' : 'condition on a fragment');
      if (node.kind === Kind.FIELD) {
        if (node.alias) found.add('alias');
        if (node.alias && node.alias.value in {}) found.add('alias that objects inherit');
        if (node.name.value === '__typename') found.add('__typename');
        else if (node.name.value.startsWith('__')) found.add('introspection');
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) spreads.push(node.name.value);
      if (node.kind === Kind.INLINE_FRAGMENT) {
        found.add(node.typeCondition ? 'inline fragment' : 'fragment without a type');
      }
      if (node.kind === Kind.ARGUMENT && (node.value.kind === Kind.LIST || node.value.kind === Kind.OBJECT)) {
        found.add('argument of a list or an object');
      }
      if (node.kind === Kind.VARIABLE_DEFINITION) {
        const { value: name } = node.variable.name;
        if (!(name in variables)) found.add('variable without a value');
        if (variables[name] === null) found.add('variable with null');
        if (node.defaultValue) found.add('variable with a default');
      }
    },
  });
  if (spreads.length > 0) found.add('named fragment');
  if (new Set(spreads).size < spreads.length) found.add('fragment spread twice');
  if (document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1) {
    found.add('two operations');
  }
  if (hasSharedKey(document)) found.add('one key for two fields');
  return found;
}

/** Whether siblings, fragments among them, have one key for two different fields: each on a type of its own. */
function hasSharedKey(document: DocumentNode): boolean {
  let shared = false;
  visit(document, {
    SelectionSet({ selections }) {
      const names = new Map<string, string>();
      const note = (items: typeof selections) => {
        for (const item of items) {
          if (item.kind === Kind.INLINE_FRAGMENT) note(item.selectionSet.selections);
          if (item.kind !== Kind.FIELD) continue;
          const key = item.alias?.value ?? item.name.value;
          if ((names.get(key) ?? item.name.value) !== item.name.value) shared = true;
          names.set(key, item.name.value);
        }
      };
      note(selections);
    },
  });
  return shared;
}

const schemas = [catalog, zoo].map((definition) => composeGraph(definition).schema);

it('operations have everything in them that an executor can get wrong', () => {
  const counts = new Map<string, number>();
  for (let at = 0; at < COUNT; at += 1) {
    const schema = schemas[at % schemas.length] as GraphQLSchema;
    for (const feature of featuresOf(generateOperation(schema, at))) {
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
  }
  const shares = Object.keys(WANTED).map((feature) => [feature, ((counts.get(feature) ?? 0) / COUNT) * 100] as const);
  expect(shares.filter(([feature, percent]) => percent < (WANTED[feature] ?? 0))).toEqual([]);
});

it.each(schemas)('operations follow from the seed alone', (schema) => {
  const texts = Array.from({ length: 20 }, (_, at) => print(generateOperation(schema, at).document));
  expect(texts).toEqual(texts.map((_, at) => print(generateOperation(schema, at).document)));
  expect(new Set(texts).size).toBeGreaterThan(15);
});
