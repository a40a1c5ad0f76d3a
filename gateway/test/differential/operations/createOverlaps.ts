import { type GraphQLOutputType, getNamedType, isLeafType } from 'graphql';

/** Where a selection stands: the response keys down to it, and the type in which each of them was selected. */
export type Place = {
  keys: readonly string[];
  /** For each key the parent type; whether that is an object type, which no other object type can be at the same time. */
  parents: readonly { name: string; isObject: boolean }[];
};

type Field = { place: Place; signature: string; shape: string };

/** What GraphQL's rule "Field Selection Merging" forbids, known before the document is written. */
export type Overlaps = {
  /** Takes note of a field, unless it would contradict one that is there. */
  claim(place: Place, signature: string, type: GraphQLOutputType): boolean;
  /** Keys at this place that stand for something else on other object types, which a field of this type may share. */
  shared(place: Place, parent: { name: string; isObject: boolean }, type: GraphQLOutputType): string[];
  /** Every field that `run` claims, relative to this depth: to claim them again elsewhere. */
  record(depth: number, run: () => void): Field[];
  /** Claims recorded fields at another place, all of them or none. */
  replay(fields: readonly Field[], at: Place): boolean;
};

export function createOverlaps(): Overlaps {
  const known = new Map<string, Field[]>();
  const recorders = new Set<(field: Field) => void>();

  const fits = (field: Field) =>
    (known.get(field.place.keys.join('.')) ?? []).every(
      (other) =>
        other.shape === field.shape &&
        (other.signature === field.signature || excludeEachOther(other.place, field.place)),
    );
  const add = (field: Field) => {
    const key = field.place.keys.join('.');
    known.set(key, [...(known.get(key) ?? []), field]);
    for (const recorder of recorders) recorder(field);
  };

  return {
    claim(place, signature, type) {
      const field = { place, signature, shape: shapeOf(type) };
      if (!fits(field)) return false;
      add(field);
      return true;
    },
    shared({ keys, parents }, parent, type) {
      if (!parent.isObject) return [];
      const depth = keys.length;
      const here = [...known.values()]
        .flat()
        .filter(({ place }) => place.keys.length === depth + 1 && keys.every((key, at) => place.keys[at] === key));
      const others = here.filter(
        ({ place, shape }) =>
          shape === shapeOf(type) && excludeEachOther(place, { keys: place.keys, parents: [...parents, parent] }),
      );
      return others.map(({ place }) => place.keys[depth] ?? '').filter((key) => key !== '__typename');
    },
    record(depth, run) {
      const fields: Field[] = [];
      const recorder = (field: Field) =>
        fields.push({
          ...field,
          place: { keys: field.place.keys.slice(depth), parents: field.place.parents.slice(depth) },
        });
      recorders.add(recorder);
      run();
      recorders.delete(recorder);
      return fields;
    },
    replay(fields, at) {
      const moved = fields.map((field) => ({
        ...field,
        place: {
          keys: [...at.keys, ...field.place.keys],
          parents: [...at.parents, ...field.place.parents],
        },
      }));
      if (!moved.every(fits)) return false;
      moved.forEach(add);
      return true;
    },
  };
}

function excludeEachOther(a: Place, b: Place): boolean {
  return a.parents.some((parent, at) => {
    const other = b.parents[at];
    return other !== undefined && parent.isObject && other.isObject && parent.name !== other.name;
  });
}

/** Two fields of one response key need the same wrapping, and the same type if it is a leaf. */
function shapeOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  return isLeafType(named) ? String(type) : String(type).replace(named.name, '{}');
}
