import type { Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationTypeNode,
} from 'graphql';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import { quiet } from '../graph/createGraph.ts';
import { askOnce } from '../transport/askOnce.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { createSubgraphSource, toGraphQLErrors } from '../transport/createSubgraphSource.ts';
import type { Answer, ExecutionRequest, ExecutorOptions, PreparedOperation } from './createExecutor.ts';

/** A plan on @apollo/gateway's executor. */
export type ApolloRun = Pick<PreparedOperation, 'refuse' | 'execute' | 'executeEvent'> & {
  /** Makes the data of a response from what was fetched, without fetching anything. */
  shape(data: Record<string, unknown>, request: ExecutionRequest): Promise<ApolloResult>;
};

type ApolloResult = Awaited<ReturnType<typeof executeQueryPlan>>;
type Sources = Record<string, GraphQLDataSource>;

/**
 * Runs a plan with @apollo/gateway's own executor: for plans that aren't compiled, and the measure that compiled ones are held
 * against. An event of a subscription is a plan, too: its primary is a fetch that the event answers.
 */
export function createApolloRun(
  options: ExecutorOptions & { supergraph: Supergraph; supergraphSchema: GraphQLSchema; timeoutMs: number },
): (plan: QueryPlan, document: DocumentNode, operationName: string | undefined) => ApolloRun {
  const { schema, supergraph, supergraphSchema, subgraphs, format, log, timeoutMs } = options;
  const sources: Sources = Object.create(null);
  for (const { name, call } of subgraphs.values()) sources[name] = createSubgraphSource(name, askOnce(call), log);

  return (plan, operationDocument, operationName) => {
    const context = buildOperationContext({ schema, operationDocument, ...(operationName && { operationName }) });
    const eventPlan = planOfEvents(plan);

    function refuse({ variables }: ExecutionRequest): Answer | undefined {
      const { errors } = getVariableValues(schema, context.operation.variableDefinitions ?? [], variables);
      return errors && refused(errors);
    }

    function execute(
      runPlan: QueryPlan,
      from: Sources,
      { variables, caller }: ExecutionRequest,
    ): Promise<ApolloResult> {
      // What of Apollo's request context the executor and the data sources read.
      const requestContext = {
        request: { variables },
        operation: context.operation,
        document: operationDocument,
        context: { ...caller, deadline: performance.now() + timeoutMs },
        metrics: {},
        logger: quiet(log),
      } as unknown as Parameters<typeof executeQueryPlan>[2];
      return executeQueryPlan(runPlan, from, requestContext, context, supergraphSchema, supergraph.apiSchema());
    }

    async function run(runPlan: QueryPlan, from: Sources, request: ExecutionRequest): Promise<Answer> {
      const wrong = refuse(request);
      if (wrong) return wrong;
      const { trace } = request.caller;
      try {
        const result = await execute(runPlan, from, request);
        const hasData = 'data' in result;
        const errors = resumeTrace(trace, () => result.errors?.map(format));
        const made = answer(errors, result.data as unknown, hasData, result.extensions);
        return hasData ? made : { ...made, status: 500 };
      } catch (error) {
        return { ...answer([resumeTrace(trace, () => format(error))], undefined, false), status: 500 };
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
      refuse,
      shape: (data, request) => execute(FETCHED, { [FETCHED_BY]: sourceOf({ data }, FETCHED_BY) }, request),
      execute: (request) => run(plan, sources, request),
      executeEvent(event, request) {
        if (!event.data) {
          const { trace } = request.caller;
          const errors = resumeTrace(trace, () => toGraphQLErrors(event.errors, eventPlan.primary)?.map(format));
          return Promise.resolve(answer(errors, null, 'data' in event));
        }
        const { plan: ofEvent, primary } = eventPlan;
        return run(ofEvent, { ...sources, [primary]: sourceOf(event, primary, sources[primary]) }, request);
      },
    };
  };
}

/** The name of a service that no supergraph can have. */
const FETCHED_BY = ' fetched';

/** A plan that fetches nothing: the answer is there. */
const FETCHED: QueryPlan = {
  kind: 'QueryPlan',
  node: {
    kind: 'Fetch',
    serviceName: FETCHED_BY,
    operation: '{ __typename }',
    operationName: undefined,
    operationKind: 'query' as OperationTypeNode,
  },
};

/** The plan of a subscription as a plan of its events; of anything else it is the plan itself, and never run. */
function planOfEvents(plan: QueryPlan): { plan: QueryPlan; primary: string } {
  if (plan.node?.kind !== 'Subscription') return { plan, primary: '' };
  const { primary, rest } = plan.node;
  const nodes: PlanNode[] = [primary, ...(rest ? [rest] : [])];
  return { plan: { ...plan, node: { kind: 'Sequence', nodes } }, primary: primary.serviceName };
}

/** A subgraph whose first answer is there already; what else it is asked goes to it. */
function sourceOf(
  { data, errors }: SubgraphResponse,
  serviceName: string,
  subgraph?: GraphQLDataSource,
): GraphQLDataSource {
  let first = true;
  return {
    async process(options) {
      if (!first && subgraph) return subgraph.process(options);
      first = false;
      const response = { data, errors: toGraphQLErrors(errors, serviceName) };
      return response as unknown as Awaited<ReturnType<GraphQLDataSource['process']>>;
    },
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
