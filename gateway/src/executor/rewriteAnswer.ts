import type { FetchDataRewrite } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { defineOwn, type JsonObject } from './mergeAnswer.ts';

const FRAGMENT = '... on ';

/**
 * Does to an answer, or to a representation, what the planner asks for: fields that had to be renamed get their names back, a
 * type gets the name that the subgraph knows. As @apollo/gateway does it.
 */
export function applyRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
  value: unknown,
): void {
  for (const rewrite of rewrites ?? []) {
    const field = rewrite.path.at(-1);
    if (field === undefined) continue;
    visit(schema, rewrite.path, 0, value, (object) => {
      if (rewrite.kind === 'ValueSetter') {
        defineOwn(object, field);
        object[field] = rewrite.setValueTo;
      } else if (Object.hasOwn(object, field) && object[field]) {
        defineOwn(object, rewrite.renameKeyTo);
        object[rewrite.renameKeyTo] = object[field];
        object[field] = undefined;
      }
    });
  }
}

/** Calls `change` with every object that the path leads to, but for its last element. */
function visit(
  schema: GraphQLSchema,
  path: readonly string[],
  at: number,
  value: unknown,
  change: (object: JsonObject) => void,
): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(schema, path, at, item, change);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as JsonObject;
  if (at === path.length - 1) {
    change(object);
    return;
  }
  const step = path[at] as string;
  if (step.startsWith(FRAGMENT)) {
    const known = object.__typename;
    if (!known || isOfType(schema, known, step.slice(FRAGMENT.length))) visit(schema, path, at + 1, value, change);
  } else {
    visit(schema, path, at + 1, Object.hasOwn(object, step) ? object[step] : undefined, change);
  }
}

/** Whether an object with this `__typename` is of the type `condition`. */
export function isOfType(schema: GraphQLSchema, typename: unknown, condition: string): boolean {
  if (!typename) return false;
  if (typename === condition) return true;
  const type = schema.getType(typename as string);
  const abstract = schema.getType(condition);
  if (!type || !abstract || !isAbstractType(abstract)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type);
}
