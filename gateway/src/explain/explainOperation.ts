import {
  type FetchNode,
  type PlanNode,
  prettyFormatQueryPlan,
  type QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type { PreparedOperation } from '../executor/createExecutor.ts';

/** What a subgraph is asked. */
export type ExplainedFetch = {
  service: string;
  /** Where in the response it stands: `books.@.author`, where `@` is each element of a list; '' is the root. */
  path: string;
  operation: string;
  /** Those of the client's variables that go with it. */
  variables: string[];
  /** What it needs to know of each entity; undefined when it asks for none. */
  requires?: string;
};

/** How an operation is executed. */
export type Explanation = {
  /** The plan as the planner prints it. */
  plan: string;
  fetches: ExplainedFetch[];
  compiled: boolean;
  /** Why it isn't compiled. */
  reason?: string;
};

/** Tells how an operation is executed. */
export function explainOperation({ plan, compiled, reason }: PreparedOperation): Explanation {
  return {
    plan: prettyFormatQueryPlan(plan),
    fetches: plan.node ? fetchesOf(plan.node, []) : [],
    compiled,
    ...(reason !== undefined && { reason }),
  };
}

function fetchesOf(node: NonNullable<PreparedOperation['plan']['node']>, path: (string | number)[]): ExplainedFetch[] {
  const all = (nodes: (PlanNode | undefined)[]) => nodes.flatMap((inner) => (inner ? fetchesOf(inner, path) : []));
  switch (node.kind) {
    case 'Fetch':
      return [explainFetch(node, path)];
    case 'Flatten':
      return fetchesOf(node.node, [...path, ...node.path]);
    case 'Sequence':
    case 'Parallel':
      return all(node.nodes);
    case 'Condition':
      return all([node.ifClause, node.elseClause]);
    case 'Subscription':
      return all([node.primary, node.rest]);
    case 'Defer':
      return all([node.primary.node, ...node.deferred.map((deferred) => deferred.node)]);
  }
}

function explainFetch({ serviceName, operation, variableUsages, requires }: FetchNode, path: (string | number)[]) {
  return {
    service: serviceName,
    path: path.join('.'),
    operation,
    variables: variableUsages ?? [],
    ...(requires && { requires: printSelections(requires) }),
  };
}

function printSelections(selections: readonly QueryPlanSelectionNode[]): string {
  const print = (selection: QueryPlanSelectionNode): string => {
    const inner = selection.selections ? ` ${printSelections(selection.selections)}` : '';
    if (selection.kind === 'InlineFragment')
      return `...${selection.typeCondition ? ` on ${selection.typeCondition}` : ''}${inner}`;
    return `${selection.alias ? `${selection.alias}: ` : ''}${selection.name}${inner}`;
  };
  return `{ ${selections.map(print).join(' ')} }`;
}
