import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import { boundedLabel, type Metrics } from './metrics.ts';

/**
 * Counts GraphQL operations by name and outcome (ok, or the code of the first error), and names the request's span
 * after the operation. Names come from clients, so only the first 200 different ones are told apart.
 */
export function observeOperations<C extends BaseContext>(metrics: Metrics): ApolloServerPlugin<C> {
  const operations = metrics.counter('graphql_operations_total', 'GraphQL operations answered', [
    'operation',
    'type',
    'outcome',
  ]);
  const bounded = boundedLabel();
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, operationName }) {
          const span = trace.getActiveSpan();
          if (!operation) return;
          span?.updateName(`graphql ${operation.operation}${operationName ? ` ${operationName}` : ''}`);
          span?.setAttribute('graphql.operation.type', operation.operation);
          if (operationName) span?.setAttribute('graphql.operation.name', operationName);
        },
        async willSendResponse({ operation, operationName, response }) {
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          operations.inc({
            // A request that names no valid operation gets no label of its own: it could be anything.
            operation: operation ? bounded(operationName ?? 'anonymous') : 'invalid',
            type: operation?.operation ?? 'invalid',
            outcome: errors?.length ? String(errors[0]?.extensions?.code ?? 'error') : 'ok',
          });
        },
      };
    },
  };
}
