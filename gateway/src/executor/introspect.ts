import {
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { Variables } from './compileVariables.ts';

/** Answers `__schema` and `__type`, as JSON. `operation` says which variables there are. */
export function introspect(
  { schema, operation }: { schema: GraphQLSchema; operation: OperationDefinitionNode },
  nodes: readonly FieldNode[],
  variableValues: Variables,
): string {
  const selectionSet = { kind: Kind.SELECTION_SET, selections: nodes } as const;
  const { data, errors } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, directives: [], operation: OperationTypeNode.QUERY, selectionSet }],
    },
    rootValue: {},
    variableValues,
  });
  const [field] = nodes;
  if (errors || !data || !field) throw new Error('introspection failed');
  return JSON.stringify(data[field.alias?.value ?? field.name.value]);
}
