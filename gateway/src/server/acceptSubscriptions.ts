import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/**
 * Lets subscriptions through Apollo Server's pipeline up to the point where they would be executed: parsing, validation
 * and every rule of a plugin hold for them as for queries. Then the transport takes over, if it can carry one.
 */
export function acceptSubscriptions(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request, contextValue }) {
          // @apollo/gateway would throw something unexpected at this.
          if (!operation) throw unresolved(request.operationName);
          if (operation.operation !== 'subscription' || contextValue.accept) return;
          throw new GraphQLError(
            'Subscriptions are served over WebSocket, at this path, with the subprotocol graphql-transport-ws.',
            { extensions: { code: 'SUBSCRIPTION_UNSUPPORTED', http: { status: 400 } } },
          );
        },
        async responseForOperation({ operation, document, request, contextValue, response, schema }) {
          if (operation?.operation !== 'subscription') return null;
          contextValue.accept?.({
            schema,
            document,
            operationName: request.operationName,
            variables: request.variables ?? {},
          });
          return { ...response, body: { kind: 'single', singleResult: {} } };
        },
      };
    },
  };
}

function unresolved(name: string | undefined): GraphQLError {
  return new GraphQLError(
    name ? `The document has no operation named "${name}".` : 'The document has several operations: name one.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
