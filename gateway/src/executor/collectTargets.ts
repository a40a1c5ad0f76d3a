import type { ResponsePath } from '@apollo/query-planner';
import type { JsonObject } from './mergeAnswer.ts';

/**
 * The objects at a path of the response so far: what a fetch asks for, and what its answer is merged into. `@` in the path is each
 * element of a list. What is null has nothing to fetch; undefined when there is nothing at all.
 *
 * @throws Error when the data doesn't have the shape of the path: nothing can be said about such a response
 */
export function collectTargets(root: JsonObject, path: ResponsePath): JsonObject[] | undefined {
  if (path.length === 0) return [root];
  const found: JsonObject[] = [];
  if (path.includes('@')) {
    collect(root, path, 0, found);
    return found.length > 0 ? found : undefined;
  }
  let value: unknown = root;
  for (let at = 0; at < path.length && value !== undefined && value !== null; at += 1) value = step(value, path, at);
  if (Array.isArray(value)) return nonNull(value);
  return value ? [value as JsonObject] : undefined;
}

function collect(value: unknown, path: ResponsePath, at: number, found: JsonObject[]): void {
  if (value === undefined || value === null) return;
  if (at === path.length) {
    if (!Array.isArray(value)) found.push(value as JsonObject);
    // One by one: a call takes some 120,000 arguments at most.
    else for (const item of nonNull(value) ?? []) found.push(item);
  } else if (path[at] === '@') {
    if (!Array.isArray(value)) throw new Error(`Expected a list in the response at "${path.slice(0, at).join('.')}"`);
    for (let index = 0; index < value.length; index += 1) collect(value[index], path, at + 1, found);
  } else {
    collect(step(value, path, at), path, at + 1, found);
  }
}

function step(value: unknown, path: ResponsePath, at: number): unknown {
  const key = path[at] as string;
  if (Array.isArray(value)) throw new Error(`Unexpected list in the response before "${key}"`);
  return Object.hasOwn(value as object, key) ? (value as JsonObject)[key] : undefined;
}

function nonNull(values: unknown[]): JsonObject[] | undefined {
  const found = values.filter((value): value is JsonObject => value !== null && value !== undefined);
  return found.length > 0 ? found : undefined;
}

/**
 * The places in the response of the objects at a path, as the errors of a fetch of entities are told: the n-th is that of the
 * n-th object.
 */
export function placesAt(root: unknown, path: ResponsePath): (string | number)[][] {
  const places: (string | number)[][] = [];
  findPlaces(root, path, 0, [], places);
  return places;
}

function findPlaces(
  value: unknown,
  path: ResponsePath,
  at: number,
  parent: (string | number)[],
  places: (string | number)[][],
): void {
  if (value === undefined || value === null) return;
  const key = path[at];
  if (key === undefined) {
    places.push(parent);
  } else if (Array.isArray(value)) {
    const next = key === '@' ? at + 1 : at;
    for (const [index, item] of value.entries()) findPlaces(item, path, next, [...parent, index], places);
  } else if (key === '@') {
    throw new Error(`Expected a list in the response at "${path.slice(0, at).join('.')}"`);
  } else if (Object.hasOwn(value as object, key)) {
    findPlaces((value as JsonObject)[key], path, at + 1, [...parent, key], places);
  }
}
