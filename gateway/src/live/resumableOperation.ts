import type { FetchNode } from '@apollo/query-planner';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  print,
  type SelectionNode,
  type VariableDefinitionNode,
  type VariableNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { ResumableField } from '../graph/resumableFields.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation of a subgraph that can be begun again after an event. */
export type ResumableOperation = {
  /** What is sent at first: as planned, and the cursor is asked for. */
  query: string;
  /** What is sent to go on after a cursor, whatever the client gave as its own: a variable, a literal or nothing. */
  resume(variables: Variables, cursor: string): { query: string; variables: Record<string, unknown> };
  /** Whether the client itself begins after a cursor: until an event has come, that is where to begin again. */
  beginsAtCursor(variables: Variables): boolean;
  cursorOf(event: SubgraphResponse): string | undefined;
};

/** Makes the planned fetch of a subscription resumable; undefined when its root isn't the one plain field that it should be. */
export function resumableOperation(
  primary: FetchNode,
  fields: ReadonlyMap<string, ResumableField>,
): ResumableOperation | undefined {
  const document = parse(primary.operation, { noLocation: true });
  const operation = document.definitions.find(isOperation);
  const [root] = operation?.selectionSet.selections ?? [];
  const field = root?.kind === Kind.FIELD ? fields.get(root.name.value) : undefined;
  if (!operation || !field || root?.kind !== Kind.FIELD || operation.selectionSet.selections.length !== 1)
    return undefined;

  const rootKey = keyOf(root);
  const known = root.selectionSet?.selections.find((selection) => isPlain(selection, field.cursor));
  const cursorKey = known ? keyOf(known as FieldNode) : unused('resumeCursor', primary.operation);
  const selections = [...(root.selectionSet?.selections ?? []), ...(known ? [] : [aliased(cursorKey, field.cursor)])];
  const asked: FieldNode = { ...root, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  const given = root.arguments?.find(({ name }) => name.value === field.argument);
  const variable = unused('resumeAfter', primary.operation);
  const resumed = withRoot(document, operation, withArgument(asked, field.argument, variable), [
    ...(operation.variableDefinitions ?? []),
    definition(variable, field.argumentType),
  ]);
  const kept = usedVariables(resumed);
  // Whoever doesn't use a variable mustn't declare it.
  const resumedQuery = print(withoutUnused(resumed, kept));

  return {
    query: print(withRoot(document, operation, asked, operation.variableDefinitions ?? [])),
    resume(variables, cursor) {
      const sent = Object.entries(variables).filter(([name]) => kept.has(name));
      return { query: resumedQuery, variables: { ...Object.fromEntries(sent), [variable]: cursor } };
    },
    beginsAtCursor: (variables) => given !== undefined && givenValue(given, operation, variables) != null,
    cursorOf({ data }) {
      const event = data?.[rootKey] as Record<string, unknown> | null | undefined;
      const cursor = event?.[cursorKey];
      return typeof cursor === 'string' || typeof cursor === 'number' ? String(cursor) : undefined;
    },
  };
}

function isOperation(definition: DocumentNode['definitions'][number]): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION;
}

const keyOf = ({ alias, name }: FieldNode) => (alias ?? name).value;

function isPlain(selection: SelectionNode, name: string): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === name && !selection.directives?.length;
}

/** A name that the operation has nowhere. */
function unused(name: string, operation: string): string {
  return operation.includes(name) ? unused(`${name}_`, operation) : name;
}

const named = (value: string) => ({ kind: Kind.NAME, value }) as const;

const aliased = (alias: string, name: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: named(alias),
  name: named(name),
});

function definition(name: string, type: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: named(name) },
    type: parseType(type, { noLocation: true }),
  };
}

function withArgument(field: FieldNode, argument: string, variable: string): FieldNode {
  const others = field.arguments?.filter(({ name }) => name.value !== argument) ?? [];
  const value = { kind: Kind.VARIABLE, name: named(variable) } as const;
  return { ...field, arguments: [...others, { kind: Kind.ARGUMENT, name: named(argument), value }] };
}

function withRoot(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  root: FieldNode,
  variableDefinitions: readonly VariableDefinitionNode[],
): DocumentNode {
  const changed = {
    ...operation,
    variableDefinitions,
    selectionSet: { ...operation.selectionSet, selections: [root] },
  };
  return { ...document, definitions: document.definitions.map((known) => (known === operation ? changed : known)) };
}

function usedVariables(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  const add = ({ name }: VariableNode) => void names.add(name.value);
  visit(document, { [Kind.VARIABLE_DEFINITION]: () => false, [Kind.VARIABLE]: add });
  return names;
}

function withoutUnused(document: DocumentNode, used: ReadonlySet<string>): DocumentNode {
  const leave = ({ variable }: VariableDefinitionNode) => (used.has(variable.name.value) ? undefined : null);
  return visit(document, { [Kind.VARIABLE_DEFINITION]: leave });
}

/** The value of an argument that is a leaf. */
function givenValue({ value }: ArgumentNode, operation: OperationDefinitionNode, variables: Variables): unknown {
  if (value.kind !== Kind.VARIABLE) return valueFromASTUntyped(value);
  const name = value.name.value;
  if (Object.hasOwn(variables, name)) return variables[name];
  const declared = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return declared?.defaultValue && valueFromASTUntyped(declared.defaultValue);
}
