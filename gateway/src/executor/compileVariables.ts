import {
  type GraphQLInputType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** Variables as a client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

type Check = (value: unknown) => boolean;

/**
 * Compiles a test that says yes to variables that are plainly right. Where it says no, graphql-js's getVariableValues decides, and
 * says what is wrong: an input object, a default, a coercion.
 */
export function compileVariableCheck(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (variables: Variables) => boolean {
  const checks = definitions.map((definition) => {
    const { name } = definition.variable;
    const type = typeFromAST(schema, definition.type as never) as GraphQLInputType | undefined;
    const plain: Check = type && isInputType(type) ? checkOf(type) : () => false;
    const optional = type !== undefined && (!isNonNullType(type) || definition.defaultValue !== undefined);
    return { name: name.value, plain, optional };
  });
  return (variables) => {
    for (const { name, plain, optional } of checks) {
      if (!Object.hasOwn(variables, name)) {
        if (!optional) return false;
      } else if (!plain(variables[name])) return false;
    }
    return true;
  };
}

function checkOf(type: GraphQLInputType): Check {
  const check = checkOfNullable(getNullableType(type) as GraphQLInputType);
  return isNonNullType(type) ? check : (value) => value === null || check(value);
}

function checkOfNullable(type: GraphQLInputType): Check {
  if (isListType(type)) {
    const check = checkOf(type.ofType as GraphQLInputType);
    return (value) => Array.isArray(value) && value.every(check);
  }
  if (isEnumType(type)) {
    const values = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && values.has(value);
  }
  if (isScalarType(type)) {
    const known = scalars.get(type.name);
    if (known) return known;
    if (type.parseValue === takesAnything) return (value) => value !== undefined && value !== null;
  }
  return () => false;
}

/** What a scalar does whose values graphql-js knows nothing about. */
const takesAnything = new GraphQLScalarType({ name: 'Anything' }).parseValue;

const isInt = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;

const scalars = new Map<string, Check>([
  ['ID', (value) => typeof value === 'string' || isInt(value)],
  ['String', (value) => typeof value === 'string'],
  ['Int', isInt],
  ['Float', (value) => typeof value === 'number' && Number.isFinite(value)],
  ['Boolean', (value) => typeof value === 'boolean'],
]);

/**
 * Compiles what a fetch takes of the client's variables: `"a":1,"b":"x"`, those that the client sent of those that the fetch uses. They
 * go out as they came in.
 */
export function compileVariableText(names: readonly string[]): (variables: Variables) => string {
  const keys = names.map((name) => [name, `${JSON.stringify(name)}:`] as const);
  if (keys.length === 0) return () => '';
  return (variables) => {
    let text = '';
    for (const [name, key] of keys) {
      const json = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined;
      if (json !== undefined) text += text === '' ? key + json : `,${key}${json}`;
    }
    return text;
  };
}
