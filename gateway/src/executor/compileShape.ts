import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { JsonObject } from './mergeAnswer.ts';
import { bare, quote, readKey } from './quote.ts';
import { possibleTypes, type SelectedField, type Selecting, selectFields, type TypedSet } from './selectFields.ts';
import { LEAF_CODE, LEAVES } from './shapeLeaves.ts';

/** The data of a response as JSON. */
export type Shaped = {
  text: string;
  /** Whether something was null that mustn't be, and so became null further up. */
  violated: boolean;
};

/**
 * Writes the data of a response from what the subgraphs answered; undefined where that isn't what the schema says (a list that is
 * none, text for a number, a type that nobody knows): @apollo/gateway then says what becomes of it.
 */
export type Shape = (data: JsonObject, introspect: (nodes: readonly FieldNode[]) => string) => Shaped | undefined;

/** Code that ends an object at a null that must not be. */
const UP = "{ state.violated = true; return 'null'; }";

/** Thrown by the code at what it doesn't cover. */
const UNUSUAL = Symbol('unusual');

/**
 * Compiles an operation's selection into code that writes it as JSON: aliases, fragments by the types that objects say they are
 * of, and null propagation are all decided beforehand. The code holds names of the schema and of the document only as JSON strings.
 */
export function compileShape(selecting: Selecting, root: TypedSet): Shape {
  const functions: string[] = [];
  const constants: unknown[] = [];
  /** The names of functions, by what they write: what is selected under many types is written by one function. */
  const written = new Map<unknown, string>();
  const numbers = new Map<object, number>();

  const numberOf = (thing: object): number => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
  const keyOf = (sets: readonly TypedSet[]) => sets.map(({ set, type }) => `${numberOf(set)} ${type.name}`).join();

  function constant(value: unknown): string {
    constants.push(value);
    return `constants[${constants.length - 1}]`;
  }

  /** A function that writes an object, by the type that it says it is of. Returns 'null' where a null went up to it. */
  function objectOf(sets: readonly TypedSet[]): string {
    const declared = sets[0]?.type;
    if (!declared) throw new Error('nothing is selected of an object');
    const known = written.get(keyOf(sets));
    if (known) return known;
    const at = functions.push('') - 1;
    const name = `object${at}`;
    written.set(keyOf(sets), name);
    const bodies = new Map<string, string[]>();
    for (const type of possibleTypes(selecting.schema, declared)) {
      const labels = [`case ${JSON.stringify(type.name)}:`];
      if (type === declared && sets.every((set) => set.type === declared)) labels.push('case undefined:');
      addBody(bodies, sets, type, labels);
    }
    const cases = [...bodies].map(([body, labels]) => `${labels.join(' ')} {\n${body}\n}`);
    functions[at] = `function ${name}(o) {
if (typeof o !== 'object' || Array.isArray(o)) throw UNUSUAL;
let v, t;
switch (o.__typename) {
${cases.join('\n')}
default: throw UNUSUAL;
}
}`;
    return name;
  }

  function addBody(
    bodies: Map<string, string[]>,
    sets: readonly TypedSet[],
    type: GraphQLObjectType,
    labels: string[],
  ): void {
    const fields = selectFields(selecting, sets, type);
    const unsaid = labels.length > 1 ? selectFields(selecting, sets, undefined) : fields;
    const same = fields.length === unsaid.length && fields.every((field, at) => isSame(field, unsaid[at]));
    const body = writeBody(fields, type);
    bodies.set(body, [...(bodies.get(body) ?? []), ...(same ? labels : labels.slice(0, 1))]);
  }

  /** Code that writes an object. Text that is always the same is written in one piece, quotes with it: fewer pieces, less garbage. */
  function writeBody(fields: readonly SelectedField[], type: GraphQLObjectType): string {
    let code = "let s = '';\n";
    let same = '{';
    const append = (expression: string) => {
      code += `s = s + ${JSON.stringify(same)} + ${expression};\n`;
      same = '';
    };
    for (const [at, field] of fields.entries()) {
      same += `${at === 0 ? '' : ','}${JSON.stringify(field.key)}:`;
      const read = `v = ${readKey('o', field.key)};`;
      const text = textOf(field);
      if (field.kind === 'typename') {
        if (field.key !== '__typename') {
          code += `${read} if (v !== undefined && v !== null && v !== ${JSON.stringify(type.name)}) throw UNUSUAL;\n`;
        }
        same += JSON.stringify(type.name);
      } else if (field.kind === 'introspection') {
        append(`introspect(${constant(field.nodes)})`);
      } else if (text === 'String!') {
        code += `${read} if (typeof v !== 'string') { if (v === undefined || v === null) ${UP} throw UNUSUAL; }\n`;
        same += '"';
        append('bare(v)');
        same = '"';
      } else if (text) {
        const other = `s = s + ${JSON.stringify(same)} + ${text.startsWith('ID') ? 'int' : 'string'}(v);`;
        const nulls = text.endsWith('!') ? UP : `s = s + ${JSON.stringify(`${same}null`)};`;
        code += `${read} if (typeof v === 'string') s = s + ${JSON.stringify(`${same}"`)} + bare(v) + '"';
else if (v === undefined || v === null) ${nulls}
else ${other}\n`;
        same = '';
      } else {
        code += writeField(field);
        append('t');
      }
    }
    return `${code}return s + ${JSON.stringify(`${same}}`)};`;
  }

  /** ID, String, ID! or String!, if the field is just that. */
  function textOf({ type, differs, sets }: SelectedField): string | undefined {
    const text = String(type);
    return !differs && sets.length === 0 && /^(ID|String)!?$/.test(text) ? text : undefined;
  }

  /** Code that leaves the field's text in `t`, or returns 'null' for the whole object. */
  function writeField(field: SelectedField): string {
    const { type, differs } = field;
    if (!type) throw new Error('a field without a type');
    const inner = writeValue(isNonNullType(type) ? type.ofType : type, field, 'v');
    const nulls = isNonNullType(type) ? UP : "t = 'null';";
    const read = `v = ${readKey('o', field.key)};\n`;
    const isLeaf = field.sets.length === 0 && !isListType(isNonNullType(type) ? type.ofType : type);
    const after = isNonNullType(type) && !isLeaf ? `if (t === 'null') ${UP}\n` : '';
    const code = `${read}if (v === undefined || v === null) ${nulls}\nelse { ${inner} ${after}}\n`;
    if (!differs) return code;
    // The schema says different things of one key: where that can matter, it isn't for us to say.
    return `{ const before = state.violated; state.violated = false;\n${read}if (v === undefined || v === null) ${nulls}\nelse { ${inner} if (state.violated) throw UNUSUAL; }\nstate.violated = before; }\n`;
  }

  /** Code that leaves in `t` the text of a value that isn't null. */
  function writeValue(type: GraphQLOutputType, field: SelectedField, value: string): string {
    if (isListType(type)) return `t = ${listOf(type.ofType, field)}(${value});`;
    if (field.sets.length > 0) return `t = ${objectOf(field.sets)}(${value});`;
    return `t = ${leafOf(type as GraphQLNamedType)}(${value});`;
  }

  /** A function for the elements of a list: all of them are looked at, also after one that is null and mustn't be. */
  function listOf(element: GraphQLOutputType, field: SelectedField): string {
    const key = `[${element}] ${keyOf(field.sets)}`;
    const known = written.get(key);
    if (known) return known;
    const strict = isNonNullType(element);
    const inner = writeValue(strict ? element.ofType : element, field, 'v');
    const name = `list${functions.length}`;
    written.set(key, name);
    functions.push(`function ${name}(values) {
if (!Array.isArray(values)) throw UNUSUAL;
let s = '[', t${strict ? ', broken = false' : ''};
for (let i = 0; i < values.length; i += 1) {
const v = values[i];
if (v === null) t = 'null';
else { ${inner} }
${strict ? `if (t === 'null') broken = true;` : ''}
s += i === 0 ? t : ',' + t;
}
${strict ? `if (broken) { state.violated = true; return 'null'; }` : ''}
return s + ']';
}`);
    return name;
  }

  function leafOf(type: GraphQLNamedType): string {
    if (isEnumType(type)) {
      const known = written.get(type);
      if (known) return known;
      const values = new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
      const name = `enum${functions.length}`;
      functions.push(`const ${name}Values = ${constant(values)};
function ${name}(v) { const t = ${name}Values.get(v); if (t === undefined) throw UNUSUAL; return t; }`);
      written.set(type, name);
      return name;
    }
    return LEAVES[type.name] ?? 'any';
  }

  if (!isObjectType(root.type)) throw new Error('the root of an operation is no object');
  const start = objectOf([root]);
  const code = `${LEAF_CODE}
let introspect;
const state = { violated: false };
${functions.join('\n')}
return (data, introspection) => {
  introspect = introspection;
  state.violated = false;
  try {
    const text = ${start}(data);
    return { text, violated: state.violated };
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  } finally {
    introspect = undefined;
  }
};`;
  return new Function('quote', 'bare', 'constants', 'UNUSUAL', code)(quote, bare, constants, UNUSUAL) as Shape;
}

function isSame(one: SelectedField, other: SelectedField | undefined): boolean {
  return (
    other !== undefined &&
    one.key === other.key &&
    one.nodes.length === other.nodes.length &&
    one.nodes.every((node, at) => node === other.nodes[at]) &&
    (one.kind !== 'typename' || isObjectType(other.parent))
  );
}
