import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import { type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql';
import type { Logger } from 'pino';
import { formatErrors } from '../errors.ts';
import { dateTime } from '../graphql/dateTime.ts';
import type { CallKeys } from '../identity/callKeys.ts';
import type { Nonces } from '../identity/nonces.ts';
import type { Call } from '../identity/viewer.ts';
import { observeOperations } from './observeOperations.ts';
import { refuseWrites } from './refuseWrites.ts';
import type { Scope } from './scope.ts';
import { callOf, requireSignedCalls } from './signedCalls.ts';

/** A subgraph to serve. */
export type SubgraphOptions<C extends BaseContext> = {
  app: FastifyInstance;
  /** The one word that names the subgraph, also as the callee of signed calls. */
  name: string;
  /** SDL; a `scalar DateTime` in it gets its resolver here. */
  typeDefs: string;
  /** As graphql-codegen types them, so the type of a map of resolvers differs from subgraph to subgraph. */
  resolvers: object;
  /** The context of one operation, out of who calls. */
  context: (call: Call) => C | Promise<C>;
  keys: CallKeys;
  nonces: Nonces;
  /** The services that may call: the gateway, unless told otherwise. Whoever may can speak for every viewer. */
  allow?: readonly string[];
  log: Logger;
  scope: Scope;
};

/**
 * Serves a subgraph at POST /graphql, to signed calls only: `_service`, `_entities` and introspection included. A viewer whose
 * token may only read gets no mutation, whatever the gateway lets through.
 * Everything of Apollo Server that talks to a browser or to Apollo's cloud is off: only the gateway calls here.
 */
export async function serveSubgraph<C extends BaseContext>(
  options: SubgraphOptions<C>,
): Promise<{ schema: GraphQLSchema }> {
  const { app, name, keys, nonces, allow = ['gateway'], log, scope } = options;
  const schema = subgraphSchema(options.typeDefs, options.resolvers);
  const writes = refuseWrites<C>();
  const server = new ApolloServer<C>({
    schema,
    logger: log,
    introspection: true,
    csrfPrevention: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: formatErrors(log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      observeOperations(app.metrics, log),
      writes.plugin,
    ],
  });
  await server.start();
  scope.defer('graphql', () => server.stop());
  app.register(async (signed) => {
    requireSignedCalls(signed, { callee: name, allow, keys, nonces });
    signed.post(
      '/graphql',
      fastifyApolloHandler<C>(server, {
        context: async (request) => {
          const call = callOf(request);
          return writes.note(await options.context(call), call);
        },
      }),
    );
  });
  return { schema };
}

/** The executable schema of a subgraph, with the scalars that the platform knows. */
export function subgraphSchema(sdl: string, resolvers: object): GraphQLSchema {
  const typeDefs = parse(sdl);
  const scalars = declaresDateTime(typeDefs) ? { DateTime: dateTime } : {};
  // @apollo/subgraph's own type for resolvers does not take what graphql-codegen generates.
  const all = { ...scalars, ...resolvers } as GraphQLResolverMap<unknown>;
  return buildSubgraphSchema({ typeDefs, resolvers: all });
}

function declaresDateTime(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) => definition.kind === Kind.SCALAR_TYPE_DEFINITION && definition.name.value === 'DateTime',
  );
}
