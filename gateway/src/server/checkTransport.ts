import type { GraphQLRequestContext } from '@apollo/server';
import { type DocumentNode, GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';

type RequestContext = GraphQLRequestContext<GatewayContext>;

/**
 * Refuses operations that the transport they came on can't carry, and documents that don't say which operation is meant.
 * @returns the operation that is meant
 * @throws GraphQLError
 */
export function checkTransport({ operation, request, contextValue }: RequestContext): OperationDefinitionNode {
  // @apollo/gateway would throw something unexpected at this.
  if (!operation) throw unresolved(request.operationName);
  if (operation.operation === 'mutation' && contextValue.readOnly) {
    throw new GraphQLError('GET requests only support queries and subscriptions.', {
      extensions: { code: 'BAD_REQUEST', http: { status: 405 } },
    });
  }
  if (operation.operation !== 'subscription' || contextValue.accept) return operation;
  throw new GraphQLError(
    'Subscriptions are served at this path over WebSocket, with the subprotocol graphql-transport-ws, or as event streams, to requests that accept text/event-stream.',
    { extensions: { code: 'SUBSCRIPTION_UNSUPPORTED', http: { status: 400 } } },
  );
}

/**
 * Lets subscriptions through Apollo Server's pipeline up to the point where they would be executed: parsing, validation and every
 * rule of a plugin hold for them as for queries. Then the transport takes over.
 */
export function handOver({ request, contextValue, schema }: RequestContext, document: DocumentNode): void {
  contextValue.accept?.({
    schema,
    document,
    operationName: request.operationName,
    variables: request.variables ?? {},
  });
}

function unresolved(name: string | undefined): GraphQLError {
  return new GraphQLError(
    name ? `The document has no operation named "${name}".` : 'The document has several operations: name one.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
