import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { isObject, type JsonObject, mergeAnswer } from './mergeAnswer.ts';
import { quote, readKey } from './quote.ts';
import { applyRewrites, isOfType } from './rewriteAnswer.ts';

/** The entities that a fetch asks for: each once, however often it stands in the response. */
export type Representations = {
  /** The different ones as JSON, separated by commas. */
  text: string;
  /** How many different ones there are. */
  count: number;
  /** The objects of the response that are asked for, in their order. */
  targets: JsonObject[];
  /** For each of the targets the number of its representation. */
  numbers: number[];
};

/** Makes the representations of objects, of those that can be asked for. */
export type Represent = (targets: readonly JsonObject[]) => Representations;

type Requires = readonly QueryPlanSelectionNode[];

/**
 * Compiles what a fetch of entities requires into code that writes representations as text. The code holds names of the schema
 * only as JSON strings. What is not plain (several fragments for one type, rewrites) is done by `represent`, as @apollo/gateway does it.
 */
export function compileRepresentations(schema: GraphQLSchema, fetch: FetchNode): Represent {
  const requires: Requires = fetch.requires ?? [];
  const general = (entity: JsonObject): string => {
    const representation = represent(schema, entity, requires);
    if (!isObject(representation) || !representation.__typename) return '';
    applyRewrites(schema, fetch.inputRewrites, representation);
    return JSON.stringify(representation);
  };
  const cases = fetch.inputRewrites ? [] : plainCases(schema, requires);
  const code = `return (targets) => {
  let text = '', count = 0;
  const kept = [], numbers = [], known = new Map();
  ${cases.map((_, at) => `let keys${at};`).join(' ')}
  for (let i = 0; i < targets.length; i += 1) {
    const e = targets[i];
    let json, n;
    switch (e.__typename) {
      ${cases.map(({ typename, selections }, at) => `case ${JSON.stringify(typename)}: ${writeCase(selections, at)}`).join('\n      ')}
      default: json = general(e);
    }
    if (n === undefined) {
      if (json === '') continue;
      n = known.get(json);
      if (n === undefined) {
        n = count++;
        known.set(json, n);
        text = n === 0 ? json : text + ',' + json;
      }
    }
    kept.push(e);
    numbers.push(n);
  }
  return { text, count, targets: kept, numbers };
};
${[...writers(cases)].join('\n')}`;
  return new Function('quote', 'general', code)(quote, general) as Represent;
}

/** A type with exactly one fragment that is for it, which holds nothing but fields. */
type PlainCase = { typename: string; selections: Requires };

function plainCases(schema: GraphQLSchema, requires: Requires): PlainCase[] {
  const typenames = new Set<string>();
  for (const selection of requires) {
    if (selection.kind !== 'InlineFragment' || !selection.typeCondition) return [];
    const type = schema.getType(selection.typeCondition);
    if (isObjectType(type)) typenames.add(type.name);
    else if (isAbstractType(type)) for (const { name } of schema.getPossibleTypes(type)) typenames.add(name);
  }
  const cases: PlainCase[] = [];
  for (const typename of typenames) {
    const fitting = requires.filter(
      (selection) => selection.kind === 'InlineFragment' && isOfType(schema, typename, selection.typeCondition ?? ''),
    );
    const selections = fitting.length === 1 ? (fitting[0]?.selections ?? []) : [];
    if (selections.some(isTypename) && selections.every(isPlain)) cases.push({ typename, selections });
  }
  return cases;
}

const isTypename = (selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field' && selection.name === '__typename' && !selection.alias;

const isPlain = (selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field' && (selection.selections ?? []).every(isPlain);

const keyOf = (selection: QueryPlanSelectionNode): string =>
  selection.kind === 'Field' ? (selection.alias ?? selection.name) : '';

/** An entity with one key, a string nearly always: it is told apart by that key, and no text is made to see that it is known. */
function writeCase(selections: Requires, at: number): string {
  const keys = selections.filter((selection) => !isTypename(selection));
  const [key] = keys;
  if (keys.length !== 1 || !key || key.selections) return `json = write${at}(e); break;`;
  return `{
        const key = ${readKey('e', keyOf(key))};
        if (typeof key !== 'string') { json = write${at}(e); break; }
        keys${at} ??= new Map();
        n = keys${at}.get(key);
        if (n === undefined) {
          n = count++;
          keys${at}.set(key, n);
          json = write${at}(e);
          text = n === 0 ? json : text + ',' + json;
        }
        break;
      }`;
}

function* writers(cases: PlainCase[]): Generator<string> {
  for (const [at, { typename, selections }] of cases.entries()) {
    yield `function write${at}(e) { return ${writeFields(selections, 'e', typename)}; }`;
  }
  yield `function leaf(v) { return typeof v === 'string' ? quote(v) : JSON.stringify(v); }
function list(values, write) {
  let text = '[';
  for (let i = 0; i < values.length; i += 1) text += (i === 0 ? '' : ',') + write(values[i]);
  return text + ']';
}`;
}

/** An expression: the object as text, and where it lacks something '' for an entity and 'null' for an object inside of one. */
function writeFields(selections: Requires, object: string, typename?: string): string {
  const missing = typename ? "''" : "'null'";
  const reads = selections.filter((selection) => !(typename && isTypename(selection)));
  const checks = reads.map((selection) => `${readKey(object, keyOf(selection))} === undefined`);
  const parts = selections.map((selection, at) => {
    const name = JSON.stringify(`${at === 0 ? '' : ','}${JSON.stringify(keyOf(selection))}:`);
    if (typename && isTypename(selection)) return `${name} + ${JSON.stringify(JSON.stringify(typename))}`;
    const value = readKey(object, keyOf(selection));
    if (!selection.selections) return `${name} + leaf(${value})`;
    const inner = `${object}${at}`;
    const write = `((${inner}) => ${inner} === null || typeof ${inner} !== 'object' ? 'null' : ${writeFields(selection.selections, inner)})`;
    return `${name} + (Array.isArray(${value}) ? list(${value}, ${write}) : ${write}(${value}))`;
  });
  const text = `'{' + ${parts.join(' + ')} + '}'`;
  return checks.length > 0 ? `(${checks.join(' || ')} ? ${missing} : ${text})` : text;
}

/** What of an object a fetch requires; null when it lacks something. */
function represent(schema: GraphQLSchema, source: unknown, requires: Requires): JsonObject | null {
  if (source === null) return null;
  const from = source as JsonObject;
  const found: JsonObject = Object.create(null);
  for (const selection of requires) {
    if (selection.kind === 'Field') {
      const key = keyOf(selection);
      const { selections } = selection;
      const value = Object.hasOwn(from, key) ? from[key] : undefined;
      if (value === undefined) return null;
      if (!selections) found[key] = value;
      else if (Array.isArray(value)) found[key] = value.map((item) => represent(schema, item, selections));
      else found[key] = represent(schema, value, selections);
    } else if (selection.typeCondition && source && isOfType(schema, from.__typename, selection.typeCondition)) {
      mergeAnswer(found, represent(schema, source, selection.selections));
    }
  }
  return found;
}
