import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Random } from '../random.ts';
import type { Inputs } from './createInputs.ts';
import { createOverlaps, type Place } from './createOverlaps.ts';

type Fragment = {
  name: string;
  type: GraphQLCompositeType;
  fields: ReturnType<ReturnType<typeof createOverlaps>['record']>;
};

/** The selection sets of one operation. */
export type Selections = {
  /** `{ … }` for an object of this type. */
  of(type: GraphQLCompositeType, place: Place, depth: number): string;
  /** The same with one field, and without a condition on it: of a subscription. */
  ofOne(type: GraphQLObjectType, depth: number): string;
  /** A field of the root of a query that asks for the schema itself; '' when there is no place for it. */
  introspection(type: GraphQLObjectType): string;
  /** The named fragments that they spread. */
  fragments(): string[];
};

/** Keys that every object of JavaScript has already, or that mean something to it. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON'];

type Field = GraphQLField<unknown, unknown>;
type WithFields = GraphQLObjectType | GraphQLInterfaceType;

/** How many fields an operation has at most: plans of larger ones take long, and show nothing new. */
const FIELDS = 28;

/** Fragments get names with this prefix; without one they have none. */
export function createSelections(schema: GraphQLSchema, random: Random, inputs: Inputs, prefix?: string): Selections {
  const overlaps = createOverlaps();
  const texts: string[] = [];
  const fragments: Fragment[] = [];
  let fields = 0;

  function of(type: GraphQLCompositeType, place: Place, depth: number, wraps = 0): string {
    const selections = new Array(1 + random.below(depth > 0 ? 5 : 3))
      .fill(0)
      .map(() => selection(type, place, depth, wraps));
    const kept = selections.filter((text) => text !== '');
    return `{ ${kept.length > 0 ? kept.join(' ') : '__typename'} }`;
  }

  function selection(type: GraphQLCompositeType, place: Place, depth: number, wraps: number): string {
    if (fields > FIELDS) return '';
    if (random.chance(0.1)) return typename(type, place);
    // Fragments in fragments, but not without end.
    if (random.chance((isAbstractType(type) ? 0.5 : 0.15) / (1 + wraps))) return fragment(type, place, depth, wraps);
    return isUnionType(type) ? fragment(type, place, depth, wraps) : field(type, place, depth);
  }

  function typename(type: GraphQLCompositeType, place: Place): string {
    const alias = random.chance(0.3) ? random.pick(['kind', 'a', 'id']) : '';
    const key = alias || '__typename';
    if (!overlaps.claim(inside(place, key, type), '__typename', TypeNameMetaFieldDef.type)) return '';
    return `${alias ? `${alias}: ` : ''}__typename${inputs.conditions()}`;
  }

  function fragment(type: GraphQLCompositeType, place: Place, depth: number, wraps: number): string {
    const reused = fragments.filter((known) => overlap(known.type, type));
    if (reused.length > 0 && random.chance(0.2)) {
      const known = random.pick(reused);
      return overlaps.replay(known.fields, place) ? `...${known.name}${inputs.conditions()}` : '';
    }
    const inner = random.pick(overlapping(type));
    if (prefix && random.chance(0.25)) {
      const name = `${prefix}${texts.length}`;
      const at = texts.push('') - 1;
      let body = '';
      // Within its own text a fragment can't be spread: it is known only once it is complete.
      const recorded = overlaps.record(place.keys.length, () => {
        body = of(inner, place, depth, wraps + 1);
      });
      texts[at] = `fragment ${name} on ${inner.name} ${body}`;
      fragments.push({ name, type: inner, fields: recorded });
      return `...${name}${inputs.conditions()}`;
    }
    const bare = inner === type && random.chance(0.4);
    return `...${bare ? '' : ` on ${inner.name}`}${inputs.conditions()} ${of(inner, place, depth, wraps + 1)}`;
  }

  function field(type: WithFields, place: Place, depth: number, conditions = inputs.conditions): string {
    const all = Object.values(type.getFields());
    const leaves = all.filter((candidate) => isLeafType(getNamedType(candidate.type)));
    const from = depth > 0 && (leaves.length === 0 || random.chance(0.75)) ? all : leaves;
    if (from.length === 0) return '';
    return write(random.pick(from), type, place, depth, conditions);
  }

  function write(chosen: Field, type: WithFields, place: Place, depth: number, conditions: () => string): string {
    const other = random.pick(Object.values(type.getFields())).name;
    const aliases = ['a', 'b', 'id', other, `${chosen.name}2`, random.pick(INHERITED)];
    const shared = overlaps.shared(place, parentOf(type), chosen.type);
    const alias =
      shared.length > 0 && random.chance(0.5) ? random.pick(shared) : random.chance(0.25) ? random.pick(aliases) : '';
    const args = inputs.arguments(chosen.args);
    const at = inside(place, alias || chosen.name, type);
    if (!overlaps.claim(at, `${chosen.name}${args}`, chosen.type)) return '';
    fields += 1;
    const inner = getNamedType(chosen.type);
    const body = isCompositeType(inner) ? ` ${of(inner, at, depth - 1)}` : '';
    return `${alias && alias !== chosen.name ? `${alias}: ` : ''}${chosen.name}${args}${conditions()}${body}`;
  }

  /** Types that an object of this one can be: itself, its possible types, what these implement, unions with it. */
  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const all = Object.values(schema.getTypeMap()).filter(isCompositeType);
    return all.filter(
      (candidate) => candidate === type || (!candidate.name.startsWith('__') && overlap(candidate, type)),
    );
  }

  function overlap(a: GraphQLCompositeType, b: GraphQLCompositeType): boolean {
    const possible = new Set(possibleTypes(a));
    return possibleTypes(b).some((name) => possible.has(name));
  }

  const possibleTypes = (type: GraphQLCompositeType) =>
    isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];

  function ofOne(type: GraphQLObjectType, depth: number): string {
    const text = field(type, { keys: [], parents: [] }, depth, () => '');
    return text === '' ? ofOne(type, depth) : `{ ${text} }`;
  }

  function introspection(type: GraphQLObjectType): string {
    const meta = random.pick([SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef]);
    return write(meta, type, { keys: [], parents: [] }, 3, inputs.conditions);
  }

  return { of, ofOne, introspection, fragments: () => texts };
}

function inside({ keys, parents }: Place, key: string, parent: GraphQLCompositeType): Place {
  return {
    keys: [...keys, key],
    parents: [...parents, parentOf(parent)],
  };
}

const parentOf = (type: GraphQLCompositeType) => ({ name: type.name, isObject: isObjectType(type) });
