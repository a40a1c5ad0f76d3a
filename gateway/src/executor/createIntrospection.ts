import {
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { FormatError } from '../server/formatError.ts';
import type { ApolloRun } from './createApolloRun.ts';
import type { PreparedOperation } from './createExecutor.ts';

const META = new Set(['__schema', '__type', '__typename']);

/**
 * The operation if it asks for nothing but the schema: no subgraph is asked, and there is nothing to plan. graphql-js answers it, which
 * knows fields of introspection that the planner doesn't (`isOneOf`).
 */
export function introspectionOf(
  document: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const seen = new Set<string>();
  const isMeta = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return META.has(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return isMeta(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return true;
      seen.add(name);
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION && isMeta(fragment.selectionSet);
    });
  return isMeta(operation.selectionSet) ? operation : undefined;
}

export type IntrospectionOptions = {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  apollo: Pick<ApolloRun, 'refuse' | 'executeEvent'>;
  format: FormatError;
};

/** An operation that introspectionOf has found, prepared. */
export function createIntrospection(options: IntrospectionOptions): PreparedOperation {
  const { document, operation, schema, apollo, format } = options;
  return {
    kind: operation.operation,
    plan: { kind: 'QueryPlan' },
    compiled: true,
    refuse: apollo.refuse,
    async execute(request) {
      const refused = apollo.refuse(request);
      if (refused) return refused;
      const operationName = operation.name?.value ?? null;
      const { data, errors } = executeSync({ schema, document, operationName, variableValues: request.variables });
      if (data && !errors) return { text: JSON.stringify({ data }), errors: [] };
      // A variable of @skip or @include that is null, although it may be: @apollo/gateway answers it with an accident.
      const failed = [format(new Error('introspection failed', { cause: errors?.[0] }))];
      return { text: JSON.stringify({ errors: failed }), errors: failed, status: 500 };
    },
    executeEvent: apollo.executeEvent,
  };
}
