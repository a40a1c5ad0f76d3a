import type { FetchNode, PlanNode, QueryPlan, ResponsePath } from '@apollo/query-planner';
import {
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';
import type { Logger } from 'pino';
import type { Subgraph } from '../graph/createSubgraph.ts';
import { compileFetch, type Run, type Step } from './compileFetch.ts';
import { compileShape, type Shape } from './compileShape.ts';
import type { Variables } from './compileVariables.ts';
import { overwrittenFetches, type PlacedFetch } from './writtenPaths.ts';

/** Why a plan isn't compiled: @apollo/gateway's own executor runs it. The text is a label of a metric. */
export class NotCompiled extends Error {}

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
  /** The values of the variables that @skip and @include ask for; undefined when one is no boolean. */
  conditions(variables: Variables): Readonly<Record<string, boolean>> | undefined;
  /** Everything that is fetched; of a subscription, what is fetched after an event. */
  fetch: Step;
  /** The data as JSON; undefined where what the subgraphs answered isn't what the schema says. */
  shape(run: Run): ReturnType<Shape>;
};

/** Each combination of the variables of @skip and @include has code of its own. */
const MAX_CONDITIONS = 5;

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

/** What the variables of @skip and @include are in a request. */
function compileConditions(
  { operation, selection }: CompileOptions,
  node: PlanNode | undefined,
): CompiledOperation['conditions'] {
  const names = new Set<string>(node ? conditionsOf(node) : []);
  const used = (value: ValueNode | undefined) => value?.kind === Kind.VARIABLE && names.add(value.name.value);
  visit(selection, {
    Directive({ name, arguments: given }) {
      if (name.value === 'skip' || name.value === 'include') used(given?.[0]?.value);
    },
  });
  const none = {};
  if (names.size === 0) return () => none;
  if (names.size > MAX_CONDITIONS) throw new NotCompiled('conditions');
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined,
    ]),
  );
  return (variables) => {
    const values: Record<string, boolean> = Object.create(null);
    for (const name of names) {
      const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const value = given === undefined ? defaults.get(name) : given;
      if (typeof value !== 'boolean') return undefined;
      values[name] = value;
    }
    return values;
  };
}

function conditionsOf(node: PlanNode): string[] {
  switch (node.kind) {
    case 'Condition':
      return [
        node.condition,
        ...[node.ifClause, node.elseClause].flatMap((clause) => (clause ? conditionsOf(clause) : [])),
      ];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(conditionsOf);
    case 'Flatten':
      return conditionsOf(node.node);
    default:
      return [];
  }
}

/** `__schema` and `__type`, as JSON. */
function introspect(
  { schema, operation }: CompileOptions,
  nodes: readonly FieldNode[],
  variableValues: Variables,
): string {
  const selectionSet = { kind: Kind.SELECTION_SET, selections: nodes } as const;
  const { data, errors } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, directives: [], operation: 'query' as never, selectionSet }],
    },
    rootValue: {},
    variableValues,
  });
  const [field] = nodes;
  if (errors || !data || !field) throw new Error('introspection failed');
  return JSON.stringify(data[field.alias?.value ?? field.name.value]);
}
