import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type DefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  type TypeNode,
  type UnionTypeDefinitionNode,
} from 'graphql';
import { type SubgraphName, subgraphs } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';

/** Something that an access decision can be asked of. `name` is its row in the table. */
export type Coordinate =
  | { kind: 'root'; name: string; operation: 'Query' | 'Mutation' | 'Subscription'; field: string }
  | { kind: 'entity'; name: string; subgraph: SubgraphName; type: string }
  /** `entity`: its type can be asked for by _entities, past whatever leads to it in a query. */
  | {
      kind: 'field';
      name: string;
      subgraph: SubgraphName;
      type: string;
      field: string;
      entity: boolean;
      selection: string;
    };

const roots = ['Query', 'Mutation', 'Subscription'];
/** What only carries the answer of the field that it belongs to: it can be reached by no other way. */
const carries = /(Connection|Edge|Payload)$/;

/** Everything in the SDL of the subgraphs that the table needs a row for. */
export function readCoordinates(): Coordinate[] {
  const found = subgraphs.flatMap((subgraph) =>
    coordinatesOf(subgraph, readFileSync(path.join(root, `schema/${subgraph}.graphql`), 'utf8')),
  );
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the SDL of one subgraph has, in the order of the SDL. */
export function coordinatesOf(subgraph: SubgraphName, sdl: string): Coordinate[] {
  const types = parse(sdl).definitions;
  const objects = types.filter(
    (type) => type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  const abstract = types.flatMap((type) => (isAbstract(type) ? [type.name.value] : []));
  const names = new Set([...objects.map((type) => type.name.value), ...abstract]);
  return objects.flatMap((type) => ofType(type, subgraph, names));
}

const isAbstract = (type: DefinitionNode): type is UnionTypeDefinitionNode | InterfaceTypeDefinitionNode =>
  type.kind === Kind.UNION_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;

function ofType(
  type: ObjectTypeDefinitionNode | ObjectTypeExtensionNode,
  subgraph: SubgraphName,
  objects: ReadonlySet<string>,
): Coordinate[] {
  const name = type.name.value;
  const fields = type.fields ?? [];
  if (roots.includes(name)) {
    const operation = name as 'Query';
    return fields.map(({ name: { value: field } }) => ({ kind: 'root', name: `${name}.${field}`, operation, field }));
  }
  if (carries.test(name)) return [];
  const keys = (type.directives ?? []).filter((directive) => directive.name.value === 'key').map(print);
  const entity = keys.some((key) => !key.includes('resolvable: false'));
  const own: Coordinate[] = entity
    ? [{ kind: 'entity', name: `_entities ${name} (${subgraph})`, subgraph, type: name }]
    : [];
  const returning = fields.filter((field) => objects.has(namedType(field.type)));
  return [
    ...own,
    ...returning.map(
      (field): Coordinate => ({
        ...{ kind: 'field', name: `${name}.${field.name.value} (${subgraph})`, subgraph, type: name, entity },
        ...{
          field: field.name.value,
          selection: namedType(field.type).endsWith('Connection') ? 'nodes { __typename }' : '__typename',
        },
      }),
    ),
  ];
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
