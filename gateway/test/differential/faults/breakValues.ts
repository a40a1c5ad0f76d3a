import { hashOf } from '../random.ts';

/** How a value of a subgraph's answer is broken; by what it is. */
type Break = (value: never, hash: number) => unknown;

/** The key is left out. */
const GONE = Symbol('gone');

const anywhere: Record<string, Break> = {
  null: () => null,
  gone: () => GONE,
  text: () => 'broken',
  number: () => 4.5,
  'big number': () => 2 ** 40,
  boolean: () => true,
  'empty object': () => ({}),
  object: () => ({ id: 'id-1', a: 1 }),
  list: (value) => [value],
  'empty list': () => [],
  'list of null': () => [null],
};

const inObjects: Record<string, Break> = {
  'no __typename': ({ __typename: _, ...rest }: Record<string, unknown>) => rest,
  'unknown __typename': (value: object) => ({ ...value, __typename: 'Nobody' }),
  'numeric __typename': (value: object) => ({ ...value, __typename: 7 }),
  'empty __typename': (value: object) => ({ ...value, __typename: '' }),
  '__typename of Query': (value: object) => ({ ...value, __typename: 'Query' }),
  '__typename of a scalar': (value: object) => ({ ...value, __typename: 'Int' }),
  'more fields': (value: object) => ({ extra: 1, ...value, id: 'id-4', name: { a: 1 } }),
  'key __proto__': (value: object) => ({ ...value, ...JSON.parse('{"__proto__": {"id": "id-9", "name": "proto"}}') }),
  'constructor and prototype': (value: object) => ({ ...value, constructor: 1, prototype: null, toString: 'x' }),
};

const inLists: Record<string, Break> = {
  shorter: (value: unknown[]) => value.slice(1),
  longer: (value: unknown[]) => [...value, ...value.slice(0, 1), null],
  reversed: (value: unknown[]) => value.toReversed(),
  nested: (value: unknown[]) => [value, value],
  'as an object': (value: unknown[]) => ({ ...value }),
  'with null': (value: unknown[]) => value.map((item, at) => (at % 2 === 0 ? null : item)),
};

const inTexts: Record<string, Break> = {
  'other id': (value: string) => value.replace(/\d+/, (digits) => String((Number(digits) + 1) % 5)) || 'id-1',
  'unknown enum value': () => 'NOT_A_VALUE',
  '__proto__ as text': () => '__proto__',
};

/** Tells whether a fault may be, and takes note of it. */
export type Allow = (fault: string) => boolean;

/**
 * A copy of a subgraph's data in which some values are broken, by a hash of the seed and of where they stand, so that they
 * stay broken while the operation around them becomes smaller.
 */
export function breakValues(data: unknown, seed: number | string, rate: number, allow: Allow): unknown {
  const breakAt = (value: unknown, path: string): unknown => {
    const hash = hashOf(seed, path);
    if (path !== '' && hash < rate * 2 ** 32) {
      const kinds = { ...anywhere, ...kindsOf(value) };
      const names = Object.keys(kinds);
      const name = names[hashOf(seed, path, 'kind') % names.length] as string;
      if (allow(`${path} ${name}`)) return kinds[name]?.(value as never, hash);
    }
    if (Array.isArray(value)) return value.map((item, at) => clean(breakAt(item, `${path}/${at}`)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, breakAt(item, `${path}/${key}`)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== GONE));
  };
  return clean(breakAt(data, ''));
}

const clean = (value: unknown) => (value === GONE ? null : value);

function kindsOf(value: unknown): Record<string, Break> {
  if (Array.isArray(value)) return inLists;
  if (typeof value === 'object' && value !== null) return inObjects;
  return typeof value === 'string' ? inTexts : {};
}
