import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from '../random.ts';

/** A value of this type as a client sends it; below `depth` as small as it may be. */
export function inputValue(random: Random, type: GraphQLInputType, depth: number): unknown {
  if (!isNonNullType(type) && random.chance(0.15)) return null;
  const inner = getNullableType(type);
  if (isListType(inner)) {
    return Array.from({ length: depth > 0 ? random.below(4) : 0 }, () => inputValue(random, inner.ofType, depth - 1));
  }
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter(
      (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || (depth > 0 && random.chance(0.5)),
    );
    return Object.fromEntries(fields.map((field) => [field.name, inputValue(random, field.type, depth - 1)]));
  }
  if (isEnumType(inner)) return random.pick(inner.getValues()).name;
  if (inner.name === 'Int') return random.below(7) - 1;
  if (inner.name === 'Float') return random.pick([0.5, 2, -1.25]);
  if (inner.name === 'Boolean') return random.chance(0.5);
  if (inner.name === 'ID') return random.pick(['0', '1', 'id-2', 'id-3']);
  if (inner.name === 'String') return random.pick(['', 'x', 'a "b" \\ ü', 'code-1']);
  return random.pick<unknown>(['2026-01-02', 5, { a: [1, { b: null }] }, [], true]);
}
