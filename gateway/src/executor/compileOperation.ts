import type { FetchNode, PlanNode, QueryPlan, ResponsePath } from '@apollo/query-planner';
import type { GraphQLSchema, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import type { Logger } from 'pino';
import type { Subgraph } from '../graph/createSubgraph.ts';
import { type Conditions, compileConditions } from './compileConditions.ts';
import { compileFetch, type Run, type Step } from './compileFetch.ts';
import { compileShape, type Shape } from './compileShape.ts';
import { introspect } from './introspect.ts';
import { NotCompiled } from './notCompiled.ts';
import { overwrittenFetches, type PlacedFetch } from './writtenPaths.ts';

export type CompileOptions = {
  plan: QueryPlan;
  operation: OperationDefinitionNode;
  /** What it selects: see operationSelection. */
  selection: SelectionSetNode;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  /** With what only the subgraphs see. */
  supergraph: GraphQLSchema;
  subgraphs: ReadonlyMap<string, Subgraph>;
  log: Logger;
};

/** A plan as code. */
export type CompiledOperation = {
  conditions: Conditions;
  /** Everything that is fetched; of a subscription, what is fetched after an event. */
  fetch: Step;
  /** The data as JSON; undefined where what the subgraphs answered isn't what the schema says. */
  shape(run: Run): ReturnType<Shape>;
};

/**
 * Compiles a plan and the operation that it is for.
 * @throws NotCompiled when there is something in it that only @apollo/gateway's executor knows
 */
export function compileOperation(options: CompileOptions): CompiledOperation {
  const { plan, operation, selection, schema } = options;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new NotCompiled('no root type');
  const node = plan.node?.kind === 'Subscription' ? plan.node.rest : plan.node;
  const fetch = node ? compileNode(node, options, overwrittenFetches(options.supergraph, placedFetches(node))) : skip;
  const conditions = compileConditions(options, node);
  const shapes = new Map<string, Shape>();

  function shapeOf(values: Readonly<Record<string, boolean>>): Shape {
    const key = Object.values(values).join();
    const known =
      shapes.get(key) ?? compileShape({ schema, conditions: values }, { set: selection, type: root as never });
    shapes.set(key, known);
    return known;
  }

  return {
    conditions,
    fetch,
    shape: (run) => shapeOf(run.conditions)(run.data, (nodes) => introspect(options, nodes, run.variables)),
  };
}

const skip: Step = (_run, done) => done();

function compileNode(node: PlanNode, options: CompileOptions, copied: ReadonlySet<FetchNode>): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetchAt(node, [], options, copied);
    case 'Flatten':
      if (node.node.kind !== 'Fetch') throw new NotCompiled('plan');
      return compileFetchAt(node.node, node.path, options, copied);
    case 'Sequence':
      return sequence(node.nodes.map((inner) => compileNode(inner, options, copied)));
    case 'Parallel':
      return parallel(node.nodes.map((inner) => compileNode(inner, options, copied)));
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      const then = ifClause ? compileNode(ifClause, options, copied) : skip;
      const otherwise = elseClause ? compileNode(elseClause, options, copied) : skip;
      return (run, done) => (run.conditions[condition] ? then : otherwise)(run, done);
    }
    default:
      throw new NotCompiled('defer');
  }
}

function compileFetchAt(
  node: FetchNode,
  path: ResponsePath,
  options: CompileOptions,
  copied: ReadonlySet<FetchNode>,
): Step {
  const subgraph = options.subgraphs.get(node.serviceName);
  if (!subgraph) throw new NotCompiled('service');
  if (node.contextRewrites?.length) throw new NotCompiled('context');
  if (node.requires && node.variableUsages?.includes('representations')) throw new NotCompiled('variables');
  const { call } = subgraph;
  const { supergraph, log, operation } = options;
  const mutation = operation.operation === 'mutation';
  return compileFetch({ node, path, call, mutation, supergraph, copies: copied.has(node), log });
}

/** One after the other: root fields of mutations, and what needs what came before. */
function sequence(steps: readonly Step[]): Step {
  return (run, done) => {
    let at = 0;
    const next = (): void => {
      const step = steps[at];
      at += 1;
      if (step) step(run, next);
      else done();
    };
    next();
  };
}

function parallel(steps: readonly Step[]): Step {
  return (run, done) => {
    let left = steps.length;
    const one = () => {
      left -= 1;
      if (left === 0) done();
    };
    for (const step of steps) step(run, one);
  };
}

function placedFetches(node: PlanNode): PlacedFetch[] {
  switch (node.kind) {
    case 'Fetch':
      return [{ node, path: [] }];
    case 'Flatten':
      return placedFetches(node.node).map((fetch) => ({ ...fetch, path: [...node.path, ...fetch.path] }));
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(placedFetches);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((clause) => (clause ? placedFetches(clause) : []));
    default:
      return [];
  }
}
