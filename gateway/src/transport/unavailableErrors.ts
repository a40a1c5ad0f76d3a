import { type FieldNode, type InlineFragmentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { SubgraphResponse } from './createSubgraphClient.ts';

type Errors = NonNullable<SubgraphResponse['errors']>;

/** The errors of a fetch that nobody answered. `representations` are the entities that it asked for, if it asked for any. */
export type UnavailableErrors = (representations: unknown, message: string) => Errors;

/** The most errors of one fetch that are told: who reads a thousand times that one subgraph is away learns nothing more. */
export const MAX_ERRORS = 20;

/**
 * Finds out what is lost when nobody answers a fetch: one error for each field that becomes null, with the fetch's own path, from
 * which the gateway makes the path in the response. A fetch of entities loses its fields on every representation.
 */
export function compileUnavailableErrors(query: string): UnavailableErrors {
  const operation = parse(query, { noLocation: true }).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const fields = operation ? fieldsOf(operation) : [];
  const entities = fields.find((field) => field.name.value === '_entities');

  function lostPaths(representations: unknown): (string | number)[][] {
    if (!entities || !Array.isArray(representations)) return fields.map((field) => [keyOf(field)]);
    return representations.flatMap((representation, index) =>
      fieldsOf(entities, (representation as { __typename?: string }).__typename).map((field) => [
        '_entities',
        index,
        keyOf(field),
      ]),
    );
  }

  return (representations, message) =>
    lostPaths(representations)
      .slice(0, MAX_ERRORS)
      .map((path) => ({ message, path, extensions: { code: 'SERVICE_UNAVAILABLE' } }));
}

function fieldsOf(node: FieldNode | OperationDefinitionNode | InlineFragmentNode, typename?: string): FieldNode[] {
  const fields: FieldNode[] = [];
  for (const selection of node.selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') fields.push(selection);
    if (selection.kind !== Kind.INLINE_FRAGMENT) continue;
    const condition = selection.typeCondition?.name.value;
    if (!typename || !condition || condition === typename) fields.push(...fieldsOf(selection, typename));
  }
  return fields;
}

function keyOf(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}
