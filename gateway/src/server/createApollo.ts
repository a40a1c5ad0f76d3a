import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from 'pino';
import type { Scope } from '#platform/service/scope.ts';
import type { GatewayContext } from '../context.ts';
import { type Graph, quiet } from '../graph/createGraph.ts';
import type { ErrorTraces } from './errorTraces.ts';
import { executeOperations, stringifyResult } from './executeOperations.ts';
import { type FormatError, formatGatewayErrors } from './formatError.ts';
import { refuseIncremental } from './refuseIncremental.ts';

export type ApolloOptions = {
  graph: Graph;
  production: boolean;
  /** The most fields and fragments that an operation may select; 0 or undefined: no limit. */
  maxSelections?: number;
  plugins: ApolloServerPlugin<GatewayContext>[];
  /** Formats what fails where Apollo Server wouldn't know whose it is. */
  format: FormatError;
  errorTraces: ErrorTraces;
  log: Logger;
  scope: Scope;
};

/** Apollo Server over the gateway, started. Nothing of it talks to Apollo's cloud, and it serves no page. */
export async function createApollo(options: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const { graph, production, maxSelections = 0, plugins, format, errorTraces, log, scope } = options;
  const apollo = new ApolloServer<GatewayContext>({
    gateway: graph.gateway,
    logger: quiet(log),
    introspection: !production,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: errorTraces.inTheirs(formatGatewayErrors(log)),
    stringifyResult,
    validationRules: [refuseIncremental],
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...plugins,
      executeOperations(graph, { explains: !production, suggests: !production, maxSelections, format, errorTraces }),
    ],
  });
  await apollo.start();
  scope.defer('graphql', () => apollo.stop());
  return apollo;
}
