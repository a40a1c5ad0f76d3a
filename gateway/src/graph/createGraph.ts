import { ApolloGateway } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Metrics } from '#platform/service/metrics.ts';
import { createExecutor, type Executor } from '../executor/createExecutor.ts';
import type { FormatError } from '../server/formatError.ts';
import type { SubgraphClient } from '../transport/createSubgraphClient.ts';
import { createSubgraphSource } from '../transport/createSubgraphSource.ts';
import type { Subgraph, SubgraphOptions } from './createSubgraph.ts';
import { createSubgraphs, type Lease } from './createSubgraphs.ts';
import { type LoadedSupergraph, readSupergraph } from './loadSupergraph.ts';
import type { ResumableField } from './resumableFields.ts';

export type GraphOptions = SubgraphOptions & {
  supergraph: LoadedSupergraph;
  /** Subgraph URLs that win over those in a supergraph, by name. */
  overrides: ReadonlyMap<string, string>;
  format: FormatError;
  /** How long all calls of one request may take together, in milliseconds. */
  totalTimeoutMs: number;
  metrics: Metrics;
};

/** One supergraph that was loaded. It never changes: whoever began with it ends with it. */
export type Generation = {
  sdl: string;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  /** By name. */
  subgraphs: ReadonlyMap<string, Subgraph>;
  /** The subscription fields that can be resumed, by name. */
  resumable: ReadonlyMap<string, ResumableField>;
  executor: Executor;
  /** Keeps the connections to its subgraphs for a subscription, also when it isn't the current one any more. Returns what ends that. */
  hold(): () => void;
};

/** The supergraph as something that runs, and that can be replaced while it does. */
export type Graph = {
  /** What Apollo Server is given: it composes, and tells of new schemas. Operations are executed by the generation's executor. */
  gateway: ApolloGateway;
  /** The generation that was loaded last. */
  current(): Generation;
  /** The generation of a schema that the gateway has told of. */
  generationOf(schema: GraphQLSchema): Generation | undefined;
  /**
   * Replaces the supergraph; the same text again changes nothing.
   * @throws Error in one clear sentence when it can't be run: the one before stays
   */
  reload(sdl: string): void;
};

/** Builds the gateway over signed calls to the subgraphs. A subgraph that stays where it is keeps its connections over a reload. */
export function createGraph(given: GraphOptions): Graph {
  const { supergraph, overrides, format, totalTimeoutMs, metrics, ...options } = given;
  // Without this @apollo/gateway reports its configuration to usage-reporting.api.apollographql.com each hour.
  process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';
  const known = createSubgraphs({ ...options, requestMs: totalTimeoutMs });
  const generations = new WeakMap<GraphQLSchema, Generation>();
  let current: Generation | undefined;
  let lease: Lease | undefined;
  let update: ((sdl: string) => void) | undefined;

  const gateway = new ApolloGateway({
    supergraphSdl: async (hooks) => {
      update = hooks.update;
      return { supergraphSdl: supergraph.sdl };
    },
    logger: quiet(options.log),
    __exposeQueryPlanExperimental: false,
    // Never asked: operations are executed by the generation's executor.
    buildService: ({ name }) => createSubgraphSource(name, unasked, options.log),
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    const { sdl, urls, resumable } = readSupergraph(coreSupergraphSdl, overrides);
    const taken = known.take(urls);
    const { subgraphs, hold } = taken;
    const executor = createExecutor({
      sdl,
      schema: apiSchema,
      subgraphs,
      format,
      log: options.log,
      metrics,
      totalTimeoutMs,
    });
    lease?.retire();
    lease = taken;
    current = { sdl, schema: apiSchema, subgraphs, resumable, executor, hold };
    generations.set(apiSchema, current);
  });
  return {
    gateway,
    current() {
      if (!current) throw new Error('no supergraph is loaded');
      return current;
    },
    generationOf: (schema) => generations.get(schema),
    reload(sdl) {
      if (!update) throw new Error('no supergraph is loaded');
      readSupergraph(sdl, overrides);
      update(sdl);
    },
  };
}

const unasked: SubgraphClient = () => Promise.reject(new Error("@apollo/gateway's own executor was asked"));

/** Apollo's own lines, in our log; what it calls information is for whoever debugs it. */
export function quiet(log: Logger) {
  const line = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => log[level](String(message));
  return { debug: line('debug'), info: line('debug'), warn: line('warn'), error: line('error') };
}
