import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '../../../src/context.ts';
import { quiet } from '../../../src/graph/createGraph.ts';
import { askOnce } from '../../../src/transport/askOnce.ts';
import type { SubgraphClient } from '../../../src/transport/createSubgraphClient.ts';
import { createSubgraphSource } from '../../../src/transport/createSubgraphSource.ts';
import { type open, silent } from './formats.ts';

/** @apollo/gateway over these subgraphs, as it would be without our executor. */
export function createApolloGateway(
  supergraphSdl: string,
  clients: ReadonlyMap<string, SubgraphClient>,
): ApolloGateway {
  process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';
  return new ApolloGateway({
    supergraphSdl,
    logger: quiet(silent),
    __exposeQueryPlanExperimental: false,
    buildService({ name }): GraphQLDataSource {
      const call = clients.get(name);
      if (!call) throw new Error(`there is no subgraph ${name}`);
      return createSubgraphSource(name, askOnce(call), silent);
    },
  });
}

/** Apollo Server over it, started. */
export async function startApollo(
  gateway: ApolloGateway,
  formatError: (typeof open)['apollo'],
): Promise<ApolloServer<GatewayContext>> {
  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    logger: quiet(silent),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
  });
  await apollo.start();
  return apollo;
}
