import { ApolloGateway } from '@apollo/gateway';
import type { Logger } from 'pino';
import { createPlanner, type SubscriptionPlanner } from '../live/createPlanner.ts';
import { askOnce } from '../transport/askOnce.ts';
import type { Reach } from '../transport/createReach.ts';
import { createSubgraphClient, type SubgraphClientOptions } from '../transport/createSubgraphClient.ts';
import { createSubgraphSource } from '../transport/createSubgraphSource.ts';
import type { LoadedSupergraph } from './loadSupergraph.ts';

export type GraphOptions = { supergraph: LoadedSupergraph; reaches: ReadonlyMap<string, Reach> } & Pick<
  SubgraphClientOptions,
  'keys' | 'timeoutMs' | 'log' | 'scope'
>;

/** The supergraph as something that runs: queries and mutations by @apollo/gateway, subscriptions by the planner. */
export type Graph = { gateway: ApolloGateway; planner: SubscriptionPlanner };

/** Builds the gateway over signed calls to the subgraphs. The planner follows the schema that the gateway serves. */
export function createGraph({ supergraph, reaches, keys, timeoutMs, log, scope }: GraphOptions): Graph {
  // Without this @apollo/gateway reports its configuration to usage-reporting.api.apollographql.com each hour.
  process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph.sdl,
    logger: quiet(log),
    __exposeQueryPlanExperimental: false,
    buildService({ name }) {
      const url = supergraph.urls.get(name) ?? '';
      const call = createSubgraphClient({ name, url, keys, timeoutMs, log, scope });
      return createSubgraphSource(name, askOnce(reaches.get(name)?.watch(call) ?? call), log);
    },
  });
  const planner = createPlanner();
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => planner.load(apiSchema, coreSupergraphSdl));
  return { gateway, planner };
}

/** Apollo's own lines, in our log; what it calls information is for whoever debugs it. */
export function quiet(log: Logger) {
  const line = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => log[level](String(message));
  return { debug: line('debug'), info: line('debug'), warn: line('warn'), error: line('error') };
}
