import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import type { FetchNode } from '@apollo/query-planner';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Logger } from 'pino';
import type { Metrics } from '#platform/service/metrics.ts';
import type { Caller } from '../context.ts';
import type { Subgraph } from '../graph/createSubgraph.ts';
import type { FormatError } from '../server/formatError.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { compileOperation } from './compileOperation.ts';
import { compileVariableCheck } from './compileVariables.ts';
import { type ApolloRun, createApolloRun } from './createApolloRun.ts';
import { createCompiledRun } from './createCompiledRun.ts';
import { createIntrospection, introspectionOf } from './createIntrospection.ts';
import { NotCompiled } from './notCompiled.ts';
import { operationSelection } from './operationSelection.ts';

export type ExecutorOptions = {
  sdl: string;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  subgraphs: ReadonlyMap<string, Subgraph>;
  format: FormatError;
  log: Logger;
  /** Where it is counted how many operations run uncompiled. */
  metrics?: Pick<Metrics, 'counter'> | undefined;
  /** How long all fetches of one request may take together, in milliseconds: 10 s unless it is said. */
  totalTimeoutMs?: number | undefined;
};

/** Runs the operations of one supergraph. */
export type Executor = {
  /**
   * Plans and prepares an operation, once for as long as the document lives.
   * @throws GraphQLError when the document has no such operation
   */
  prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation;
};

/** Who runs an operation, with what. */
export type ExecutionRequest = {
  /** As the client sent them; they are checked here. */
  variables: Readonly<Record<string, unknown>>;
  caller: Caller;
};

/** A response, ready to be sent. */
export type Answer = {
  /** The whole response as JSON: `{"data":…}` or `{"errors":[…],"data":…}`. */
  text: string;
  /** The errors in it: formatted and masked already, once. */
  errors: readonly GraphQLFormattedError[];
  /** The HTTP status that it asks for, if it isn't 200: 400 when the variables don't fit, 500 when nothing can be said of the data. */
  status?: number;
};

/** An operation that has been planned. */
export type PreparedOperation = {
  kind: 'query' | 'mutation' | 'subscription';
  plan: QueryPlan;
  /** Whether it runs compiled; else @apollo/gateway's own executor runs the same plan, for this reason. */
  compiled: boolean;
  reason?: string;
  /** What the owning subgraph of a subscription runs. */
  primary?: FetchNode;
  /** What is answered where the variables don't fit; undefined where they do. Both of the below look by themselves. */
  refuse(request: ExecutionRequest): Answer | undefined;
  /** Runs a query or a mutation. Never throws for what a subgraph does. */
  execute(request: ExecutionRequest): Promise<Answer>;
  /** Answers one event of a subscription: it is the root, and what it lacks is fetched from the other subgraphs. */
  executeEvent(event: SubgraphResponse, request: ExecutionRequest): Promise<Answer>;
};

const TOTAL_TIMEOUT_MS = 10_000;

/** The planner is built at the first operation; plans and what is prepared of them live as long as Apollo Server keeps the document. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { sdl, schema, subgraphs, format, log, metrics, totalTimeoutMs: timeoutMs = TOTAL_TIMEOUT_MS } = options;
  const prepared = new WeakMap<DocumentNode, Map<string, PreparedOperation>>();
  const build = once(() => {
    const supergraph = Supergraph.build(sdl);
    const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    const run = createApolloRun({ ...options, supergraph, supergraphSchema, timeoutMs });
    return { planner: new QueryPlanner(supergraph), run, supergraph, supergraphSchema };
  });
  const uncompiled = metrics?.counter(
    'gateway_operations_uncompiled_total',
    "Operations that @apollo/gateway's own executor ran, by the reason why they aren't compiled",
    ['reason'],
  );
  const count = (reason: string) => uncompiled?.inc({ reason });
  const unusual = metrics?.counter(
    'gateway_answers_unusual_total',
    'Answers of subgraphs that are not what the schema says, so that @apollo/gateway said what becomes of the response',
  );
  const countUnusual = () => unusual?.inc();

  function prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation {
    const { supergraph, supergraphSchema, planner, run } = build();
    const introspection = introspectionOf(document, operationName);
    if (introspection) {
      const apollo = run({ kind: 'QueryPlan' }, document, operationName);
      return createIntrospection({ document, operation: introspection, schema, apollo, format });
    }
    const planned = operationFromDocument(supergraph.apiSchema(), document, operationName ? { operationName } : {});
    const plan = planner.buildQueryPlan(planned);
    const primary = plan.node?.kind === 'Subscription' ? plan.node.primary : undefined;
    const apollo = run(plan, document, operationName);
    const common = { kind: planned.rootKind, plan, ...(primary && { primary }) };
    try {
      const operation = getOperationAST(document, operationName);
      if (!operation) throw new NotCompiled('operation');
      const selection = operationSelection(planned);
      const compiled = compileOperation({
        plan,
        operation,
        selection,
        schema,
        supergraph: supergraphSchema,
        subgraphs,
        log,
      });
      const plainVariables = compileVariableCheck(schema, operation.variableDefinitions ?? []);
      const serviceName = primary?.serviceName ?? '';
      const options = {
        compiled,
        plainVariables,
        apollo,
        primary: serviceName,
        format,
        timeoutMs,
        count,
        countUnusual,
      };
      return { ...common, compiled: true, ...createCompiledRun(options) };
    } catch (error) {
      const reason = error instanceof NotCompiled ? error.message : 'failure';
      if (reason === 'failure') log.error({ err: error }, 'a plan cannot be compiled');
      return { ...common, compiled: false, reason, ...counted(apollo, () => count(reason)) };
    }
  }

  return {
    prepare(document, operationName) {
      const byName = prepared.get(document) ?? new Map<string, PreparedOperation>();
      prepared.set(document, byName);
      const known = byName.get(operationName ?? '') ?? prepare(document, operationName);
      byName.set(operationName ?? '', known);
      return known;
    },
  };
}

function counted(
  { refuse, execute, executeEvent }: ApolloRun,
  count: () => void,
): Pick<PreparedOperation, 'refuse' | 'execute' | 'executeEvent'> {
  return {
    refuse,
    execute(request) {
      count();
      return execute(request);
    },
    executeEvent(event, request) {
      count();
      return executeEvent(event, request);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
