import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { type FetchNode, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { refuse } from '#platform/errors.ts';

/** How one subscription is served. */
export type SubscriptionPlan = {
  /** The schema that clients see, at the time of the plan: a stream keeps it for as long as it lives. */
  schema: GraphQLSchema;
  /** The subscription that the owning subgraph runs. */
  primary: FetchNode;
};

/** Plans subscriptions over the supergraph that was loaded last. */
export type SubscriptionPlanner = {
  load(apiSchema: GraphQLSchema, supergraphSdl: string): void;
  /** @throws Refusal SUBSCRIPTION_UNSUPPORTED when the selection needs a second subgraph */
  plan(document: DocumentNode, operationName: string | undefined): SubscriptionPlan;
};

type Loaded = { schema: GraphQLSchema; planner: () => { planner: QueryPlanner; supergraph: Supergraph }; plans: Plans };
type Plans = WeakMap<DocumentNode, Map<string, SubscriptionPlan>>;

/**
 * @apollo/gateway plans subscriptions but doesn't execute them, and keeps its planner to itself; this is the same planner,
 * built at the first subscription. Plans are kept as long as Apollo Server keeps the document.
 */
export function createPlanner(): SubscriptionPlanner {
  let loaded: Loaded | undefined;

  return {
    load(schema, supergraphSdl) {
      loaded = { schema, planner: once(() => build(supergraphSdl)), plans: new WeakMap() };
    },
    plan(document, operationName) {
      if (!loaded) throw new Error('no supergraph is loaded');
      const plans = loaded.plans.get(document) ?? new Map<string, SubscriptionPlan>();
      loaded.plans.set(document, plans);
      const known = plans.get(operationName ?? '');
      if (known) return known;
      const plan = { schema: loaded.schema, primary: primaryOf(loaded, document, operationName) };
      plans.set(operationName ?? '', plan);
      return plan;
    },
  };
}

function build(supergraphSdl: string) {
  const supergraph = Supergraph.build(supergraphSdl);
  return { supergraph, planner: new QueryPlanner(supergraph) };
}

function primaryOf({ planner }: Loaded, document: DocumentNode, operationName: string | undefined): FetchNode {
  const { supergraph, planner: queryPlanner } = planner();
  const operation = operationFromDocument(supergraph.apiSchema(), document, operationName ? { operationName } : {});
  const node = queryPlanner.buildQueryPlan(operation).node;
  if (node?.kind !== 'Subscription') throw new Error(`a subscription was planned as ${node?.kind ?? 'nothing'}`);
  if (node.rest) {
    const owner = node.primary.serviceName;
    refuse(
      'SUBSCRIPTION_UNSUPPORTED',
      `This subscription selects fields that the service "${owner}" does not own. Select its own fields, and query the rest when an event arrives.`,
      { serviceName: owner },
    );
  }
  return node.primary;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
