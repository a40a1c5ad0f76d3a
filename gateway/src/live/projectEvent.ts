import { execute, type FormattedExecutionResult, type GraphQLFieldResolver } from 'graphql';
import type { AcceptedSubscription } from '../context.ts';
import type { FormatError } from '../server/formatError.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { toGraphQLError } from '../transport/createSubgraphSource.ts';
import { applyRewrites } from './applyRewrites.ts';
import type { SubscriptionPlan } from './createPlanner.ts';

/**
 * Gives a subgraph's event the shape that the client asked for: the client's fields and no others, in its order, with
 * @skip and @include applied and nulls propagated by the schema that clients see. Values lie under their response keys
 * already: the planner keeps aliases.
 */
export function projectEvent(
  { schema, primary }: SubscriptionPlan,
  { document, operationName, variables }: AcceptedSubscription,
  event: SubgraphResponse,
  format: FormatError,
): FormattedExecutionResult {
  const errors = event.errors?.map((error) => format(toGraphQLError(error, primary.serviceName)));
  if (!event.data) return { ...('data' in event && { data: null }), ...(errors && { errors }) };
  if (primary.outputRewrites) applyRewrites(schema, primary.outputRewrites, event.data);
  const projected = execute({
    schema,
    document,
    operationName: operationName ?? null,
    rootValue: event.data,
    variableValues: variables,
    fieldResolver: byResponseKey,
  });
  // Nothing in the resolver waits, so neither does execute.
  const { data = null, errors: broken } = projected as Exclude<typeof projected, Promise<unknown>>;
  // A null that the subgraph explained is not explained again; one that it didn't is its fault, and is logged.
  const all = errors ?? broken?.map(format);
  return { data, ...(all && { errors: all }) };
}

const byResponseKey: GraphQLFieldResolver<Record<string, unknown>, unknown> = (source, _arguments, _context, info) =>
  source[info.path.key];
