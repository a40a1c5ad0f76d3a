import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** Refuses mutations to whoever comes with a token that may only read. Before anything is executed, on every transport. */
export function refuseScope(): ApolloServerPlugin<GatewayContext> {
  // The same for every request.
  const listening = Promise.resolve<GraphQLRequestListener<GatewayContext>>({
    didResolveOperation({ operation, contextValue }) {
      if (contextValue.viewer?.scope !== 'read' || operation?.operation !== 'mutation') return DONE;
      throw new GraphQLError('This token may only read.', {
        extensions: { code: 'FORBIDDEN', http: { status: 403 } },
      });
    },
  });
  return { requestDidStart: () => listening };
}

const DONE = Promise.resolve();
