/** An object of JSON. Who answered chose its keys: `constructor` and `__proto__` may be among them. */
export type JsonObject = Record<string, unknown>;

/**
 * Merges a subgraph's answer into what is there, as @apollo/gateway does it (its deepMerge): objects are merged, lists of one length
 * element by element, anything else is replaced. What was not there is taken over, not copied. Unlike there an object replaces a
 * list: a subgraph that names a key `length` or `4000000000` must not make it that long.
 */
export function mergeAnswer(target: JsonObject, source: unknown): void {
  if (source === target) return;
  for (const key in source as JsonObject) {
    const value = (source as JsonObject)[key];
    if (value === undefined) continue;
    // Undefined: neither there nor inherited, `__proto__` least of all.
    if (target[key] === undefined && typeof target === 'object') target[key] = value;
    else mergeKey(target, key, value);
  }
}

function mergeKey(target: JsonObject, key: string, value: unknown): void {
  defineOwn(target, key);
  const known = target[key];
  if (known && !Array.isArray(known) && isObject(value)) {
    mergeAnswer(known as JsonObject, value);
  } else if (Array.isArray(value) && Array.isArray(known) && value.length === known.length) {
    mergeLists(known, value);
  } else {
    target[key] = value;
  }
}

function mergeLists(target: unknown[], source: unknown[]): void {
  for (const [at, value] of source.entries()) {
    const known = target[at];
    if (isObject(known) && isObject(value)) mergeAnswer(known, value);
    else target[at] = value;
  }
}

/** Makes a key one of the object's own, so that setting it sets no prototype and shadows nothing inherited by accident. */
export function defineOwn(target: object, key: string): void {
  if (Object.hasOwn(target, key) || !(key in target)) return;
  Object.defineProperty(target, key, { configurable: true, enumerable: true, value: undefined, writable: true });
}

/** Whether a value is an object of JSON, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of a JSON value that shares nothing with it. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    defineOwn(copy, key);
    copy[key] = copyJson(item);
  }
  return copy as T;
}
