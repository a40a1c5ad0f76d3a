import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import type { Caller } from '../../../src/context.ts';
import type { SubgraphClient, SubgraphResponse } from '../../../src/transport/createSubgraphClient.ts';
import { hashOf } from '../random.ts';
import type { Keys } from './createKeys.ts';
import { seededValue, Thing, typenameOf } from './seededValue.ts';

type Context = { seed: number };

/** A subgraph in this process, whose data follows from a seed, which each call brings with it. */
export function createSeededSubgraph(sdl: string, keys: Keys, seedOf: (caller: Caller) => number): SubgraphClient {
  const typeDefs = parse(sdl);
  const required = requiringFields(typeDefs);
  const concrete = (typename: string, number: number): string => typenameOf(schema, typename, number);
  const schema: GraphQLSchema = buildSubgraphSchema([
    { typeDefs, resolvers: { ...enumResolvers(typeDefs), ...lookups(typeDefs, keys, concrete) } },
  ]);
  const documents = new Map<string, DocumentNode>();

  const numberOf = (typename: string, source: unknown) =>
    source instanceof Thing ? source.number : keys.numberOf(typename, (source ?? {}) as Record<string, unknown>);

  const fieldResolver: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
    const { fieldName, parentType, returnType } = info;
    const given = source instanceof Thing || !source ? undefined : ownOf(source, fieldName);
    if (given !== undefined && given !== null) return toInternal(given, getNamedType(returnType));
    const root = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(parentType);
    const number = root ? 0 : numberOf(parentType.name, source);
    if (!root && keys.isKeyField(parentType.name, fieldName)) return keyValue(fieldName, number, info);
    // A field that @requires others depends on what was sent of them.
    const sent = required.has(`${parentType.name}.${fieldName}`) ? JSON.stringify(source) : '';
    const parent = root ? 'root' : parentType.name;
    return seededValue(
      schema,
      returnType,
      hashOf(context.seed, parent, number, fieldName, JSON.stringify(args) ?? '', sent),
    );
  };

  return async ({ query, variables, operationName }, caller): Promise<SubgraphResponse> => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const result = await execute({
      schema,
      document,
      variableValues: variables,
      operationName,
      contextValue: { seed: seedOf(caller) },
      fieldResolver,
      typeResolver: (value, _context, _info, abstract) => {
        if (value instanceof Thing) return typenameOf(schema, value.typename, value.number);
        const { __typename } = value as { __typename?: string };
        return __typename ?? typenameOf(schema, abstract.name, numberOf(abstract.name, value));
      },
    });
    // As it would come over HTTP: without prototypes, without what is undefined.
    return JSON.parse(JSON.stringify(result));
  };
}

function ownOf(source: object, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key as never] : undefined;
}

function keyValue(
  field: string,
  number: number,
  { returnType }: Parameters<GraphQLFieldResolver<unknown, Context>>[3],
) {
  const type = getNullableType(returnType);
  if (isObjectType(type)) return new Thing(type.name, number);
  return getNamedType(type).name === 'Int' ? number : `${field}-${number}`;
}

/** What a representation says, as a resolver would return it: enums and scalars have their inner values in here. */
function toInternal(value: unknown, type: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => toInternal(item, type));
  return isEnumType(type) && typeof value === 'string' ? type.parseValue(value) : value;
}

/** Entities that a subgraph doesn't have, or refuses, though another one refers to them. */
function lookups(typeDefs: DocumentNode, { numberOf }: Keys, concrete: (typename: string, number: number) => string) {
  const lookUp = (representation: Record<string, unknown> & { __typename: string }, { seed }: Context) => {
    const { __typename } = representation;
    const number = numberOf(__typename, representation);
    const roll = hashOf(seed, 'lookup', __typename, number) % 100;
    if (roll < 2) throw new GraphQLError('It may not be looked up', { extensions: { code: 'NOT_FOUND' } });
    // A representation may be of an interface: it is for the subgraph to know which object it is.
    return roll < 6 ? null : { ...representation, __typename: concrete(__typename, number) };
  };
  const entities = typeDefs.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? [definition].filter(({ directives }) => directives?.some(({ name }) => name.value === 'key'))
      : [],
  );
  return Object.fromEntries(entities.map(({ name }) => [name.value, { __resolveReference: lookUp }]));
}

/** Every enum value is another one inside of the subgraph than outside. */
function enumResolvers(typeDefs: DocumentNode): Record<string, Record<string, string>> {
  const enums = typeDefs.definitions.filter((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION);
  return Object.fromEntries(
    enums.map(({ name, values = [] }) => [
      name.value,
      Object.fromEntries(values.map((value) => [value.name.value, `inner ${value.name.value}`])),
    ]),
  );
}

/** "Type.field" of every field with @requires. */
function requiringFields(typeDefs: DocumentNode): Set<string> {
  const found = new Set<string>();
  for (const definition of typeDefs.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      const requires = field.directives?.some(({ name }) => name.value === 'requires');
      if (requires) found.add(`${definition.name.value}.${field.name.value}`);
    }
  }
  return found;
}
