import { type DefinitionNode, Kind, type OperationDefinitionNode, parse, type TypeNode } from 'graphql';

/** A tab of the explorer: an operation, and its variables as JSON, ready to be filled in. */
export type ExampleTab = { query: string; variables?: string };

/** A tab for each example. Required variables without a default are there by name, empty. */
export function exampleTabs(examples: readonly string[]): ExampleTab[] {
  return examples.map((query) => {
    const operation = parse(query).definitions.find(isOperation);
    const missing = (operation?.variableDefinitions ?? []).filter(
      ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue,
    );
    if (missing.length === 0) return { query };
    const empty = Object.fromEntries(missing.map(({ variable, type }) => [variable.name.value, emptyOf(type)]));
    return { query, variables: JSON.stringify(empty, null, 2) };
  });
}

function isOperation(definition: DefinitionNode): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION;
}

/** Something of the right look for the types that GraphQL itself knows; everything else begins as null. */
function emptyOf(type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return emptyOf(type.type);
  if (type.kind === Kind.LIST_TYPE) return [];
  const empties: Record<string, unknown> = { ID: '', String: '', Int: 0, Float: 0, Boolean: false };
  return empties[type.name.value] ?? null;
}
