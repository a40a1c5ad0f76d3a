import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createLogger, type Logger } from '#platform/logger.ts';
import { createHttpServer } from '#platform/service/createHttpServer.ts';
import { createHealth } from '#platform/service/health.ts';
import { listen } from '#platform/service/listen.ts';
import { observeOperations } from '#platform/service/observeOperations.ts';
import type { Scope } from '#platform/service/scope.ts';
import { startTelemetry } from '#platform/telemetry/startTelemetry.ts';
import { createClientAddress } from './clientAddress.ts';
import type { GatewayContext } from './context.ts';
import { type GatewayEnv, readList, readPairs } from './env.ts';
import { serveExplorer } from './explorer/serveExplorer.ts';
import { createGraph } from './graph/createGraph.ts';
import { loadSupergraph } from './graph/loadSupergraph.ts';
import { watchSupergraph } from './graph/watchSupergraph.ts';
import { refuseScope } from './identity/refuseScope.ts';
import { startIdentity } from './identity/startIdentity.ts';
import { createConnections } from './live/createConnections.ts';
import { createOperations } from './live/createOperations.ts';
import { createStreams } from './live/createStreams.ts';
import { serveEvents } from './live/serveEvents.ts';
import { serveLive } from './live/serveLive.ts';
import { type ProxyRoute, readRoute } from './proxy/readRoute.ts';
import { serveProxyRoutes } from './proxy/serveProxyRoutes.ts';
import { createApollo } from './server/createApollo.ts';
import { createCloseUnread } from './server/createCloseUnread.ts';
import { createErrorTraces } from './server/errorTraces.ts';
import { createErrorFormatter } from './server/formatError.ts';
import { serveGraphql } from './server/serveGraphql.ts';
import { tellTrace } from './server/tellTrace.ts';

const PATH = '/graphql';

/** Starts a gateway for any supergraph. Returns its base URL; everything it holds is released with the scope. */
export async function startGateway(
  env: GatewayEnv,
  scope: Scope,
  log: Logger = createLogger({ service: 'gateway', level: env.LOG_LEVEL }),
): Promise<{ url: string }> {
  await startTelemetry({ service: 'gateway', endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, carried: true, scope, log });
  const production = env.NODE_ENV === 'production';
  const keys = parseCallKeys(env.CALL_KEYS, production);
  const overrides = readPairs(env.SUBGRAPH_URLS);
  const format = createErrorFormatter(log);
  const health = createHealth(scope);
  const app = createHttpServer({ service: 'gateway', log, health });
  const graph = createGraph({
    supergraph: loadSupergraph(env.SUPERGRAPH, overrides),
    overrides,
    keys: env.SIGNED_CALLS === 'on' ? keys : undefined,
    timeoutMs: env.SUBGRAPH_TIMEOUT_MS,
    totalTimeoutMs: env.REQUEST_TIMEOUT_MS,
    metrics: app.metrics,
    format,
    log,
    scope,
  });
  const { verify, revocations } = startIdentity({ env, keys, log, scope });
  const clientAddress = createClientAddress(readList(env.TRUSTED_PROXIES));
  const explorer = (env.EXPLORER ?? (production ? 'off' : 'on')) === 'on';

  tellTrace(app);
  const errorTraces = createErrorTraces();
  const apollo = await createApollo({
    graph,
    production,
    maxSelections: env.MAX_SELECTIONS,
    plugins: [observeOperations<GatewayContext>(app.metrics, log, ({ trace }) => trace), refuseScope()],
    format,
    errorTraces,
    log,
    scope,
  });

  watchSupergraph({ path: env.SUPERGRAPH, graph, metrics: app.metrics, log, scope });
  health.degradeEach(() =>
    [...graph.current().subgraphs.values()].map(({ name, answers }) => [name, answers] as const),
  );
  const operations = createOperations({ apollo, graph });
  const streams = createStreams({ format, metrics: app.metrics, share: env.SHARED_SUBSCRIPTIONS === 'on' });
  const connections = createConnections({ revocations, scope });
  const live = { operations, streams, connections, verify, clientAddress, format, metrics: app.metrics, log, scope };
  const events = env.LIVE === 'on' ? serveEvents(live) : undefined;
  const closeUnread = createCloseUnread({ limitMs: env.UNREAD_TIMEOUT_MS, log });
  serveGraphql({
    app,
    path: PATH,
    apollo,
    events,
    verify,
    clientAddress,
    errorTraces,
    closeUnread,
    explorer: explorer ? '/' : undefined,
  });
  const routes = readList(env.PROXY_ROUTES).map((entry) => readRoute(entry) as ProxyRoute);
  serveProxyRoutes({ app, routes, keys, clientAddress, bodyLimit: env.PROXY_BODY_BYTES, closeUnread, log });
  if (explorer) await serveExplorer({ app, endpoint: PATH, examples: env.EXPLORER_EXAMPLES });
  // The name that public test suites of federation gateways ask for.
  app.get('/health', async (_request, reply) => {
    const ready = await app.inject('/readyz');
    return reply.code(ready.statusCode).type('application/json; charset=utf-8').send(ready.body);
  });

  const url = await listen(app, { host: env.HOST, port: env.PORT, scope });
  // Deferred after the server, so released before it: HTTP can't close while sockets are open.
  if (events) {
    scope.defer('event streams', () => events.stop());
    serveLive({ ...live, server: app.server, path: PATH });
  }
  log.info({ url, graphql: `${url}${PATH}`, subgraphs: [...graph.current().subgraphs.keys()] }, 'the gateway is ready');
  return { url };
}
