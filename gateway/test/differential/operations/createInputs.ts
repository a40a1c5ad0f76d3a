import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from '../random.ts';
import { inputValue } from './inputValue.ts';

/** A variable as it is defined, and what a client sends for it. */
type Variable = { name: string; definition: string; value?: unknown };

/** Arguments and variables of one operation. */
export type Inputs = {
  /** `(a: 1, b: $v2)`, or nothing. */
  arguments(args: readonly GraphQLArgument[]): string;
  /** ` @include(if: $v1)` and the like, mostly nothing. */
  conditions(): string;
  /** `($v1: Int = 3)`, or nothing: of the variables that are used in this text. */
  definitions(usedIn: string): string;
  values(usedIn: string): Record<string, unknown>;
};

/** How often a client sends something that does not fit its variable. */
const WRONG = 0.015;

/** Names that mean something to JavaScript, or to a fetch of entities. */
const INHERITED = ['representations', 'constructor', '__proto__', 'toString'];

export function createInputs(random: Random, prefix: string): Inputs {
  const variables: Variable[] = [];

  function variable(type: GraphQLInputType): string {
    const inherited = random.chance(0.02) ? random.pick(INHERITED) : '';
    const isFree = inherited !== '' && variables.every(({ name }) => name !== inherited);
    const name = isFree ? inherited : `${prefix}${variables.length}`;
    const optional = !isNonNullType(type) || random.chance(0.3);
    const declared = optional ? String(getNullableType(type)) : String(type);
    // A nullable variable may stand where null may not only with a default.
    const hasDefault = optional && (isNonNullType(type) || random.chance(0.4));
    const fallback = hasDefault ? ` = ${literal(isNonNullType(type) ? type : getNullableType(type), 2, false)}` : '';
    const entry: Variable = { name, definition: `$${name}: ${declared}${fallback}` };
    variables.push(entry);
    if (random.chance(WRONG)) entry.value = random.pick<unknown>([{ not: 'this' }, [[[true]]], null]);
    else if (optional && random.chance(0.25)) return `$${name}`;
    else entry.value = inputValue(random, type, 3);
    return `$${name}`;
  }

  /** A value as GraphQL text, with variables in it when it may have them. */
  function literal(type: GraphQLInputType, depth: number, mayVary: boolean): string {
    if (mayVary && random.chance(0.2)) return variable(type);
    if (!isNonNullType(type) && random.chance(0.1)) return 'null';
    const inner = getNullableType(type);
    if (isListType(inner)) {
      if (depth <= 0) return '[]';
      // One value stands for a list of one.
      if (random.chance(0.1) && !isListType(getNullableType(inner.ofType)))
        return literal(inner.ofType, depth - 1, false);
      return `[${repeat(() => literal(inner.ofType, depth - 1, mayVary)).join(', ')}]`;
    }
    if (isInputObjectType(inner)) {
      const fields = Object.values(inner.getFields()).filter(
        (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || (depth > 0 && random.chance(0.5)),
      );
      return `{${fields.map(({ name, type }) => `${name}: ${literal(type, depth - 1, mayVary)}`).join(', ')}}`;
    }
    if (isEnumType(inner)) return random.pick(inner.getValues()).name;
    return text(inputValue(random, type, depth));
  }

  const repeat = <T>(make: () => T): T[] => Array.from({ length: random.below(4) }, make);

  function condition(name: string): string {
    if (random.chance(0.2)) return ` @${name}(if: ${random.chance(0.5)})`;
    const known = variables.filter(({ definition }) => /: Boolean!/.test(definition));
    if (known.length > 0 && random.chance(0.6)) {
      return ` @${name}(if: $${random.pick(known).name})`;
    }
    const variableName = `${prefix}${variables.length}`;
    if (random.chance(0.3)) {
      const sent = random.chance(0.5) ? { value: random.chance(0.5) } : {};
      variables.push({ name: variableName, definition: `$${variableName}: Boolean = ${random.chance(0.5)}`, ...sent });
    } else variables.push({ name: variableName, definition: `$${variableName}: Boolean!`, value: random.chance(0.5) });
    return ` @${name}(if: $${variableName})`;
  }

  return {
    arguments(args) {
      const given = args.filter(
        (arg) => (isNonNullType(arg.type) && arg.defaultValue === undefined) || random.chance(0.5),
      );
      if (given.length === 0) return '';
      const values = given.map(({ name, type }) => {
        const value = random.chance(0.35) ? variable(type) : literal(type, 3, true);
        return `${name}: ${value}`;
      });
      return `(${values.join(', ')})`;
    },
    conditions() {
      if (!random.chance(0.1)) return '';
      if (random.chance(0.15)) return condition('skip') + condition('include');
      return condition(random.pick(['skip', 'include']));
    },
    definitions(usedIn) {
      const used = variables.filter(isUsedIn(usedIn));
      return used.length > 0 ? `(${used.map(({ definition }) => definition).join(', ')})` : '';
    },
    values(usedIn) {
      const sent = variables.filter(isUsedIn(usedIn)).filter((entry) => 'value' in entry);
      return Object.fromEntries(sent.map(({ name, value }) => [name, value]));
    },
  };
}

const isUsedIn =
  (text: string) =>
  ({ name }: Variable) =>
    new RegExp(`\\$${name}\\b`).test(text);

/** A JSON value as a GraphQL literal. */
function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${text(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}
