import type { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from 'pino';
import { formatErrors } from '#platform/errors.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { GatewayContext } from '../context.ts';
import { quiet } from '../graph/createGraph.ts';
import { acceptSubscriptions } from './acceptSubscriptions.ts';

export type ApolloOptions = {
  gateway: ApolloGateway;
  production: boolean;
  plugins: ApolloServerPlugin<GatewayContext>[];
  log: Logger;
  scope: Scope;
};

/** Apollo Server over the gateway, started. Nothing of it talks to Apollo's cloud, and it serves no page. */
export async function createApollo(options: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const { gateway, production, plugins, log, scope } = options;
  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    logger: quiet(log),
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: formatErrors(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...plugins,
      acceptSubscriptions(),
    ],
  });
  await apollo.start();
  scope.defer('graphql', () => apollo.stop());
  return apollo;
}
