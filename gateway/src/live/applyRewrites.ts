import type { FetchDataRewrite } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';

type Json = Record<string, unknown>;

const FRAGMENT = '... on ';

/**
 * Applies what the planner wants done to a subgraph's answer, in place: it asks for fields under other names where two
 * types of a union give one response key different types. A path is of response keys and of `... on Type`.
 */
export function applyRewrites(schema: GraphQLSchema, rewrites: readonly FetchDataRewrite[], data: unknown): void {
  for (const rewrite of rewrites) {
    const key = rewrite.path.at(-1);
    if (key === undefined) continue;
    visit(schema, rewrite.path.slice(0, -1), data, (object) => {
      if (rewrite.kind === 'ValueSetter') object[key] = rewrite.setValueTo;
      else if (Object.hasOwn(object, key)) {
        object[rewrite.renameKeyTo] = object[key];
        delete object[key];
      }
    });
  }
}

function visit(schema: GraphQLSchema, path: readonly string[], value: unknown, change: (object: Json) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(schema, path, item, change);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Json;
  const [first, ...rest] = path;
  if (first === undefined) change(object);
  else if (!first.startsWith(FRAGMENT))
    visit(schema, rest, Object.hasOwn(object, first) ? object[first] : null, change);
  else if (isOfType(schema, object.__typename, first.slice(FRAGMENT.length))) visit(schema, rest, object, change);
}

function isOfType(schema: GraphQLSchema, typename: unknown, condition: string): boolean {
  if (typeof typename !== 'string' || typename === condition) return true;
  const type = schema.getType(typename);
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && isObjectType(type) && schema.isSubType(wanted, type);
}
