import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import type { FetchNode } from '@apollo/query-planner';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../context.ts';
import type { Subgraph } from '../graph/createSubgraph.ts';
import type { FormatError } from '../server/formatError.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { createApolloRun } from './createApolloRun.ts';

export type ExecutorOptions = {
  sdl: string;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  subgraphs: ReadonlyMap<string, Subgraph>;
  format: FormatError;
  log: Logger;
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
  /** The HTTP status that it asks for, if it isn't 200: 400 when the variables don't fit. */
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
  /** Runs a query or a mutation. Never throws for what a subgraph does. */
  execute(request: ExecutionRequest): Promise<Answer>;
  /** Answers one event of a subscription: it is the root, and what it lacks is fetched from the other subgraphs. */
  executeEvent(event: SubgraphResponse, request: ExecutionRequest): Promise<Answer>;
};

/** The planner is built at the first operation; plans and what is prepared of them live as long as Apollo Server keeps the document. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { sdl } = options;
  const prepared = new WeakMap<DocumentNode, Map<string, PreparedOperation>>();
  const build = once(() => {
    const supergraph = Supergraph.build(sdl);
    return { planner: new QueryPlanner(supergraph), run: createApolloRun({ ...options, supergraph }), supergraph };
  });

  function prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation {
    const { supergraph, planner, run } = build();
    const operation = operationFromDocument(supergraph.apiSchema(), document, operationName ? { operationName } : {});
    const plan = planner.buildQueryPlan(operation);
    return {
      kind: operation.rootKind,
      plan,
      compiled: false,
      reason: 'nothing is compiled yet',
      ...(plan.node?.kind === 'Subscription' && { primary: plan.node.primary }),
      ...run(plan, document, operationName),
    };
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

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
