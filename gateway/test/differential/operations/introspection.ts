import type { GraphQLSchema } from 'graphql';
import type { Random } from '../random.ts';

/** Parts of an introspection query, at the root of a query. */
export function introspection(schema: GraphQLSchema, random: Random): string {
  const type = random.pick(Object.keys(schema.getTypeMap()).concat('Nobody'));
  return random.pick([
    '__typename',
    'root: __typename',
    '__schema { queryType { name } mutationType { name kind } }',
    's: __schema { directives { name locations args { name defaultValue } } }',
    `__type(name: "${type}") { name kind fields(includeDeprecated: true) { name type { name kind ofType { name } } } }`,
    `t: __type(name: "${type}") { ...on __Type { possibleTypes { name } enumValues { name } inputFields { name } } }`,
  ]);
}
