import type { ApolloServerPlugin, BaseContext, GraphQLRequestListener } from '@apollo/server';
import { type Context, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { resumeTrace } from '../telemetry/trace.ts';
import { boundedLabel, type Metrics } from './metrics.ts';

/**
 * Counts GraphQL operations by name and outcome (ok, or the code of the first error), and names the request's span
 * after the operation. Names come from clients, so only the first 200 different ones are told apart.
 * A mutation is a line of the log at `info`, a query at `debug`: what changed something can be found by its trace id.
 */
export function observeOperations<C extends BaseContext>(
  metrics: Metrics,
  log: Pick<Logger, 'info' | 'debug'>,
  /** The trace of an operation, in a process that hands traces on by hand. */
  traceOf?: (contextValue: C) => Context | undefined,
): ApolloServerPlugin<C> {
  const operations = metrics.counter('graphql_operations_total', 'GraphQL operations answered', [
    'operation',
    'type',
    'outcome',
  ]);
  const bounded = boundedLabel();
  return {
    requestDidStart() {
      const start = performance.now();
      return Promise.resolve<GraphQLRequestListener<C>>({
        didResolveOperation({ operation, operationName: given }) {
          const operationName = shortName(given);
          const span = trace.getActiveSpan();
          if (!operation) return done;
          span?.updateName(`graphql ${operation.operation}${operationName ? ` ${operationName}` : ''}`);
          span?.setAttribute('graphql.operation.type', operation.operation);
          if (operationName) span?.setAttribute('graphql.operation.name', operationName);
          return done;
        },
        willSendResponse({ operation, operationName: given, response, contextValue }) {
          const operationName = shortName(given);
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          const type = operation?.operation ?? 'invalid';
          const outcome = errors?.length ? String(errors[0]?.extensions?.code ?? 'error') : 'ok';
          // A request that names no valid operation gets no label of its own: it could be anything.
          operations.inc({ operation: operation ? bounded(operationName ?? 'anonymous') : 'invalid', type, outcome });
          const ms = Math.round(performance.now() - start);
          const line = { operation: operationName ?? 'anonymous', type, outcome, ms };
          resumeTrace(traceOf?.(contextValue), () => {
            if (type === 'mutation') log.info(line, 'Mutation');
            else log.debug(line, 'Operation');
          });
          return done;
        },
      });
    },
  };
}

/** Nothing here waits: where traces are followed through promises, each that is made costs as much as the rest. */
const done = Promise.resolve();

/** A client can make a name as long as a request may be. */
const shortName = (name: string | null | undefined): string | undefined => name?.slice(0, 100);
