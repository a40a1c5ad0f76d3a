import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';

/** Refuses mutations to whoever comes with a token that may only read. Before anything is executed, on every transport. */
export function refuseScope(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ contextValue }) {
      return {
        async didResolveOperation({ operation }) {
          if (contextValue.viewer?.scope !== 'read' || operation?.operation !== 'mutation') return;
          throw new GraphQLError('This token may only read.', {
            extensions: { code: 'FORBIDDEN', http: { status: 403 } },
          });
        },
      };
    },
  };
}
