import type { Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, GraphQLError, getVariableValues } from 'graphql';
import { quiet } from '../graph/createGraph.ts';
import { askOnce } from '../transport/askOnce.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { createSubgraphSource, toGraphQLError } from '../transport/createSubgraphSource.ts';
import type { Answer, ExecutionRequest, ExecutorOptions, PreparedOperation } from './createExecutor.ts';

type Run = Pick<PreparedOperation, 'execute' | 'executeEvent'>;
type Sources = Record<string, GraphQLDataSource>;

/**
 * Runs a plan with @apollo/gateway's own executor: for plans that aren't compiled, and the measure that compiled ones are held
 * against. An event of a subscription is a plan, too: its primary is a fetch that the event answers.
 */
export function createApolloRun(
  options: ExecutorOptions & { supergraph: Supergraph },
): (plan: QueryPlan, document: DocumentNode, operationName: string | undefined) => Run {
  const { schema, supergraph, subgraphs, format, log } = options;
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const sources: Sources = Object.create(null);
  for (const { name, call } of subgraphs.values()) sources[name] = createSubgraphSource(name, askOnce(call), log);

  return (plan, operationDocument, operationName) => {
    const context = buildOperationContext({ schema, operationDocument, ...(operationName && { operationName }) });
    const eventPlan = planOfEvents(plan);

    async function run(runPlan: QueryPlan, from: Sources, request: ExecutionRequest): Promise<Answer> {
      const { variables, caller } = request;
      const checked = getVariableValues(schema, context.operation.variableDefinitions ?? [], variables);
      if (checked.errors) return refused(checked.errors);
      // What of Apollo's request context the executor and the data sources read.
      const requestContext = {
        request: { variables },
        operation: context.operation,
        document: operationDocument,
        context: caller,
        metrics: {},
        logger: quiet(log),
      } as unknown as Parameters<typeof executeQueryPlan>[2];
      try {
        const result = await executeQueryPlan(
          runPlan,
          from,
          requestContext,
          context,
          supergraphSchema,
          supergraph.apiSchema(),
        );
        return answer(result.errors?.map(format), result.data as unknown, 'data' in result, result.extensions);
      } catch (error) {
        return answer([format(error)], undefined, false);
      }
    }

    /** As Apollo Server answers variables that don't fit. */
    function refused(errors: readonly GraphQLError[]): Answer {
      const formatted = errors.map((error) =>
        format(new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } })),
      );
      return { ...answer(formatted, undefined, false), status: 400 };
    }

    return {
      execute: (request) => run(plan, sources, request),
      executeEvent(event, request) {
        if (!event.data) {
          const errors = event.errors?.map((error) => format(toGraphQLError(error, eventPlan.primary)));
          return Promise.resolve(answer(errors, null, 'data' in event));
        }
        return run(eventPlan.plan, { ...sources, [EVENT]: sourceOf(event, eventPlan.primary) }, request);
      },
    };
  };
}

/** The name of a service that no supergraph can have. */
const EVENT = ' event';

/** The plan of a subscription as a plan of its events; of anything else it is the plan itself, and never run. */
function planOfEvents(plan: QueryPlan): { plan: QueryPlan; primary: string } {
  if (plan.node?.kind !== 'Subscription') return { plan, primary: '' };
  const { primary, rest } = plan.node;
  const nodes: PlanNode[] = [{ ...primary, serviceName: EVENT }, ...(rest ? [rest] : [])];
  return { plan: { ...plan, node: { kind: 'Sequence', nodes } }, primary: primary.serviceName };
}

function sourceOf({ data, errors }: SubgraphResponse, serviceName: string): GraphQLDataSource {
  return {
    process: async () =>
      ({ data, errors: errors?.map((error) => toGraphQLError(error, serviceName)) }) as unknown as Awaited<
        ReturnType<GraphQLDataSource['process']>
      >,
  };
}

function answer(
  errors: Answer['errors'] | undefined,
  data: unknown,
  hasData: boolean,
  extensions?: Record<string, unknown>,
): Answer {
  const response = { ...(errors && { errors }), ...(hasData && { data }), ...(extensions && { extensions }) };
  return { text: JSON.stringify(response), errors: errors ?? [] };
}
