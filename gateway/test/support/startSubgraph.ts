import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import type { Call } from '#platform/identity/viewer.ts';
import { serveSubscriptions } from '#platform/live/serveSubscriptions.ts';
import { createLogger } from '#platform/logger.ts';
import { createHttpServer } from '#platform/service/createHttpServer.ts';
import { createHealth } from '#platform/service/health.ts';
import { listen } from '#platform/service/listen.ts';
import { createScope, type Scope } from '#platform/service/scope.ts';
import { serveSubgraph } from '#platform/service/serveSubgraph.ts';
import { type LibraryName, library } from './library.ts';

/** A subgraph of the library on a port of its own, which it keeps over stops and starts. */
export type TestSubgraph = {
  url: string;
  calls: Call[];
  /** WebSockets that are open to it. */
  sockets(): number;
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** Starts a real subgraph, which takes nothing but signed calls. */
export async function startSubgraph(name: LibraryName, scope: Scope): Promise<TestSubgraph> {
  const calls: Call[] = [];
  const keys = parseCallKeys(undefined, false);
  const log = createLogger({ service: name, level: 'silent' });
  let running = createScope();
  let port = 0;
  let sockets = 0;

  async function start(): Promise<string> {
    running = createScope();
    const nonces = createNonces();
    const app = createHttpServer({ service: name, log, health: createHealth() });
    app.server.on('upgrade', (_request, socket) => {
      sockets += 1;
      socket.once('close', () => {
        sockets -= 1;
      });
    });
    const context = (call: Call) => {
      calls.push(call);
      return { call };
    };
    const { sdl, resolvers } = library[name];
    const served = { app, name, keys, nonces, log, scope: running };
    const { schema } = await serveSubgraph({ ...served, typeDefs: sdl, resolvers, context });
    serveSubscriptions({ ...served, schema, path: '/graphql', context });
    const base = await listen(app, { host: '127.0.0.1', port, scope: running });
    port = Number(new URL(base).port);
    return `${base}/graphql`;
  }

  const url = await start();
  scope.defer(name, () => running.close());
  return {
    url,
    calls,
    sockets: () => sockets,
    stop: () => running.close(),
    start: async () => void (await start()),
  };
}
