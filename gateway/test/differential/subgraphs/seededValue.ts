import {
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { hashOf } from '../random.ts';

/** An object of a subgraph: entity number `number` of its type. All of its fields follow from that and from the seed. */
export class Thing {
  readonly typename: string;
  readonly number: number;

  constructor(typename: string, number: number) {
    this.typename = typename;
    this.number = number;
  }
}

/** How many entities of a type there are: few, so that the same one is asked for more than once. */
const ENTITIES = 5;

/** Texts that a writer of JSON could get wrong. */
const TEXTS = [
  '',
  'plain',
  'with "quotes" \\ and \n lines',
  '\u2028\u0000\u001f',
  'ünï 🎈',
  '\ud800',
  '</script>',
  '__proto__',
];

const NUMBERS = [0, 1, -7, 2_147_483_647, 0.1, 1e21, 5e-324, -0.5];

/** What a custom scalar may be: anything, also what looks like an object of GraphQL. */
const SCALARS: unknown[] = [
  '2026-01-02T03:04:05.000Z',
  17,
  true,
  {},
  [],
  { b: 1, a: { __typename: 'Query', list: [1, null, [{}]] } },
  [{ id: '1' }, null, 'x'],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "2": 0, "1": 0}'),
];

/**
 * The value of a field of this type, from a hash of everything that it depends on: null now and then at every depth, for
 * non-null too, lists of none to three, abstract types of every kind, refusals with and without a code.
 */
export function seededValue(schema: GraphQLSchema, type: GraphQLOutputType, hash: number): unknown {
  const roll = hashOf(hash, 'roll') % 1000;
  const inner = getNullableType(type);
  if (roll < 13) throw new GraphQLError('It may not be', { extensions: { code: 'FORBIDDEN', hint: { roll } } });
  if (roll < 19) throw new Error('It broke');
  if (roll < (isNonNullType(type) ? 25 : 80)) return null;
  if (isListType(inner)) {
    const length = hashOf(hash, 'length') % 4;
    return Array.from({ length }, (_, at) => seededItem(schema, inner.ofType, hashOf(hash, at)));
  }
  if (isEnumType(inner)) return pick(inner.getValues(), hash).value;
  if (isLeafType(inner)) return seededLeaf(inner.name, hash);
  const number = hashOf(hash, 'number') % ENTITIES;
  return new Thing(isAbstractType(inner) ? typenameOf(schema, inner.name, number) : inner.name, number);
}

/** Which of its possible types an abstract one is, by the entity's number: every subgraph that knows them all agrees. */
export function typenameOf(schema: GraphQLSchema, abstract: string, number: number): string {
  const type = schema.getType(abstract);
  if (!isAbstractType(type)) return abstract;
  const names = schema.getPossibleTypes(type).map(({ name }) => name);
  return pick(names.sort(), number);
}

function seededItem(schema: GraphQLSchema, type: GraphQLOutputType, hash: number): unknown {
  try {
    return seededValue(schema, type, hash);
  } catch (error) {
    // graphql-js reports an error of an item at the item.
    return error;
  }
}

function seededLeaf(type: string, hash: number): unknown {
  if (type === 'ID') return String(hash % ENTITIES);
  if (type === 'Int') return (hash % 2001) - 1000;
  if (type === 'Float') return pick(NUMBERS, hash);
  if (type === 'Boolean') return hash % 2 === 0;
  if (type === 'String') return `${pick(TEXTS, hash)}${hash % 100}`;
  return structuredClone(pick(SCALARS, hash));
}

function pick<T>(from: readonly T[], hash: number): T {
  return from[hash % from.length] as T;
}
