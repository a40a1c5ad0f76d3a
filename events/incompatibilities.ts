/** A JSON Schema (draft 2020-12), as zod renders one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Keywords that say nothing about which data is valid. */
const annotations = new Set(['$schema', '$id', '$comment', 'id', 'title', 'description', 'examples', 'deprecated']);

/** Keywords with a comparison of their own, below. */
const structural = new Set(['properties', 'required', 'additionalProperties', 'items', 'prefixItems', '$defs']);
const alternatives = ['anyOf', 'oneOf', 'allOf'];

/** A path, and what is wrong there. */
export type Incompatibility = string;

/**
 * What makes `next` incompatible with a version of an event that is published; empty when it may replace it.
 *
 * A published version has to hold in both directions. Old data is still in the stream (7 days) and in the event tables, which
 * are republished for ever: the new schema must read it. And consumers of the old schema are still running when the new
 * data arrives: they must read that. So only what neither side can notice passes: a new optional field in an object that
 * ignores what it does not know, another order, another annotation. Everything else is a new version beside the old.
 *
 * Both are schemas of what a consumer ACCEPTS (zod's `io: 'input'`): an object that ignores unknown keys is open there,
 * a strict one closed.
 */
export function incompatibilities(published: JsonSchema, next: JsonSchema, path = 'data'): Incompatibility[] {
  const found = [
    ...compareObjects(published, next, path),
    ...compareArrays(published, next, path),
    ...alternatives.flatMap((keyword) => compareAlternatives(keyword, published, next, path)),
    ...compareDefinitions(published, next, path),
  ];
  const keywords = new Set([...Object.keys(published), ...Object.keys(next)]);
  for (const keyword of keywords) {
    if (annotations.has(keyword) || structural.has(keyword) || alternatives.includes(keyword)) continue;
    // Where there is a format, zod's pattern is how it checks that, and may change with zod.
    if (keyword === 'pattern' && published.format !== undefined && published.format === next.format) continue;
    const [before, after] = [published[keyword], next[keyword]];
    if (canonical(before, keyword) === canonical(after, keyword)) continue;
    found.push(
      keyword === 'enum' && Array.isArray(before) && Array.isArray(after)
        ? `${path}: ${enumChange(before, after)}`
        : `${path}: ${keyword} changes from ${show(before)} to ${show(after)}`,
    );
  }
  return found;
}

function compareObjects(published: JsonSchema, next: JsonSchema, path: string): Incompatibility[] {
  const found: Incompatibility[] = [];
  const [before, after] = [fieldsOf(published), fieldsOf(next)];
  const [needed, needs] = [requiredOf(published), requiredOf(next)];
  const open = isOpen(published.additionalProperties);
  for (const [name, schema] of Object.entries(before)) {
    const at = `${path}.${name}`;
    const changed = after[name];
    if (!changed) found.push(`${at} is gone`);
    else {
      found.push(...incompatibilities(schema, changed, at));
      if (needs.has(name) && !needed.has(name)) found.push(`${at} was optional: data in the stream may lack it`);
      if (!needs.has(name) && needed.has(name)) found.push(`${at} was required: running consumers rely on it`);
    }
  }
  for (const name of Object.keys(after)) {
    if (before[name]) continue;
    if (needs.has(name)) found.push(`${path}.${name} is new and required: data in the stream lacks it`);
    else if (!open) found.push(`${path}.${name} is new, and running consumers refuse fields that they do not know`);
  }
  return [...found, ...compareUnknownFields(published.additionalProperties, next.additionalProperties, path)];
}

function compareUnknownFields(before: unknown, after: unknown, path: string): Incompatibility[] {
  if (isSchema(before) && isSchema(after)) return incompatibilities(before, after, `${path}.*`);
  // Closed to open is safe: what a publisher writes has only the fields of its schema.
  if ((isOpen(before) && isOpen(after)) || (before === false && (after === false || isOpen(after)))) return [];
  return [`${path}: what it says about other fields changes from ${show(before)} to ${show(after)}`];
}

function compareArrays(published: JsonSchema, next: JsonSchema, path: string): Incompatibility[] {
  const found: Incompatibility[] = [];
  const [before, after] = [published.items, next.items];
  if (isSchema(before) && isSchema(after)) found.push(...incompatibilities(before, after, `${path}[]`));
  else if (canonical(before) !== canonical(after)) found.push(`${path}: its items change`);
  const [tuple, other] = [listOf(published.prefixItems), listOf(next.prefixItems)];
  if (tuple.length !== other.length) found.push(`${path} has ${other.length} places instead of ${tuple.length}`);
  else
    tuple.forEach((one, index) => void found.push(...incompatibilities(one, other[index] ?? {}, `${path}[${index}]`)));
  return found;
}

/** Alternatives may stand in any order; each of the published ones needs its own among the next. */
function compareAlternatives(keyword: string, published: JsonSchema, next: JsonSchema, path: string) {
  const before = listOf(published[keyword]);
  const left = listOf(next[keyword]);
  const unmatched = before.filter((one) => {
    const same = left.findIndex((other) => incompatibilities(one, other).length === 0);
    if (same >= 0) left.splice(same, 1);
    return same < 0;
  });
  if (unmatched.length === left.length) {
    return unmatched.flatMap((one, index) => incompatibilities(one, left[index] ?? {}, path));
  }
  const isNull = (one: JsonSchema) => one.type === 'null';
  if (unmatched.length === 0 && left.every(isNull)) return [`${path} may be null now: running consumers refuse that`];
  if (left.length === 0 && unmatched.every(isNull)) return [`${path} could be null: data in the stream may hold that`];
  return [`${path} has other alternatives (${keyword}: ${before.length}, now ${listOf(next[keyword]).length})`];
}

function compareDefinitions(published: JsonSchema, next: JsonSchema, path: string): Incompatibility[] {
  const [before, after] = [recordOf(published.$defs), recordOf(next.$defs)];
  return Object.entries(before).flatMap(([name, schema]) => {
    const changed = after[name];
    return changed ? incompatibilities(schema, changed, `${path} (${name})`) : [];
  });
}

function enumChange(before: unknown[], after: unknown[]): string {
  const added = after.filter((value) => !before.includes(value));
  const gone = before.filter((value) => !after.includes(value));
  return [
    ...(added.length > 0 ? [`${added.map(show).join(', ')} is new: running consumers refuse it`] : []),
    ...(gone.length > 0 ? [`${gone.map(show).join(', ')} is gone: data in the stream may hold it`] : []),
  ].join('; ');
}

/** The same text for what means the same: sets in one order, a single type as a list. */
function canonical(value: unknown, keyword = ''): string {
  if (keyword === 'type' || keyword === 'enum') {
    return JSON.stringify((Array.isArray(value) ? value : [value]).map((one) => JSON.stringify(one)).sort());
  }
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  if (!isSchema(value)) return JSON.stringify(value) ?? 'undefined';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key], key)}`).join(',')}}`;
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
const isOpen = (unknownFields: unknown) =>
  unknownFields === undefined ||
  unknownFields === true ||
  (isSchema(unknownFields) && Object.keys(unknownFields).length === 0);
const recordOf = (value: unknown) => (isSchema(value) ? (value as Record<string, JsonSchema>) : {});
const fieldsOf = (schema: JsonSchema) => recordOf(schema.properties);
const requiredOf = (schema: JsonSchema) => new Set(Array.isArray(schema.required) ? schema.required : []);
const listOf = (value: unknown): JsonSchema[] => (Array.isArray(value) ? [...value] : []);
const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
