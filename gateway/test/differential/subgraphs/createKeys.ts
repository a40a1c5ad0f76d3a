import { type DocumentNode, Kind, parse, type SelectionSetNode, visit } from 'graphql';

/** The keys of the entities of all subgraphs together, so that an entity is the same one wherever it is asked for. */
export type Keys = {
  /** Whether a field says which object it is: `path` and `root` of @key(fields: "path { root }"). */
  isKeyField(type: string, field: string): boolean;
  /** The entity's number, from what a representation of it says of its key. */
  numberOf(type: string, representation: Record<string, unknown>): number;
};

/**
 * Collects @key out of these documents. `typeOfField` answers with the named type of a field.
 */
export function createKeys(
  documents: DocumentNode[],
  typeOfField: (type: string, field: string) => string | undefined,
): Keys {
  const fields = new Set<string>();
  const keys = new Map<string, string[][]>();
  const collect = (type: string, { selections }: SelectionSetNode) => {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) continue;
      fields.add(`${type}.${selection.name.value}`);
      const inner = typeOfField(type, selection.name.value);
      if (selection.selectionSet && inner) collect(inner, selection.selectionSet);
    }
  };
  const read = (node: {
    name: { value: string };
    directives?: readonly { name: { value: string }; arguments?: readonly unknown[] }[];
  }) => {
    for (const directive of node.directives ?? []) {
      const [argument] = (directive.arguments ?? []) as { value: { value: string } }[];
      if (directive.name.value !== 'key' || !argument) continue;
      const selectionSet = selectionSetOf(argument.value.value);
      collect(node.name.value, selectionSet);
      const names = selectionSet.selections.flatMap((selection) =>
        selection.kind === Kind.FIELD ? [selection.name.value] : [],
      );
      keys.set(node.name.value, [...(keys.get(node.name.value) ?? []), names]);
    }
  };
  for (const document of documents) {
    visit(document, { ObjectTypeDefinition: read, InterfaceTypeDefinition: read, ObjectTypeExtension: read });
  }

  return {
    isKeyField: (type, field) => fields.has(`${type}.${field}`),
    numberOf(type, representation) {
      const key = keys.get(type)?.find((names) => names.every((name) => representation[name] !== undefined));
      return numberIn(key ? key.map((name) => representation[name]) : representation);
    },
  };
}

function selectionSetOf(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a key: ${fields}`);
  return definition.selectionSet;
}

/** The first number in what a key says: "sku-3" is 3. */
function numberIn(value: unknown): number {
  return Number(/\d+/.exec(JSON.stringify(value) ?? '')?.[0] ?? 0);
}
