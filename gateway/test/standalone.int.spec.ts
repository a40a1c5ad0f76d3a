import { EventEmitter, on } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { useServer as serveSockets } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { freePort } from '#platform/testing/freePort.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { openSocket } from './support/openSocket.ts';
import { startProcess } from './support/startProcess.ts';

const scope = testScope();
const emitter = new EventEmitter();
const plugins = [ApolloServerPluginInlineTraceDisabled()];

/** Two subgraphs as anybody would write them: no signatures, nothing of this project's. */
const products = {
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type Query { products: [Product!]! }
    type Subscription { productPriceChanged: Product }
    type Product @key(fields: "upc") { upc: ID! name: String price: Int }
  `),
  resolvers: {
    Query: { products: () => [{ upc: '1', name: 'Table', price: 899 }] },
    Subscription: {
      productPriceChanged: {
        async *subscribe() {
          for await (const [product] of on(emitter, 'price')) yield { productPriceChanged: product };
        },
      },
    },
  },
};
const reviews = {
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
    type Product @key(fields: "upc") { upc: ID! price: Int @external reviews: [Review!]! verdict: String @requires(fields: "price") }
    type Review { body: String }
  `),
  resolvers: {
    Product: {
      reviews: ({ upc }: { upc: string }) => [{ body: `of ${upc}` }],
      verdict: ({ price }: { price: number }) => (price > 500 ? 'dear' : 'cheap'),
    },
  },
};

async function startReviews(): Promise<string> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema(reviews as never),
    stopOnTerminationSignals: false,
    plugins,
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  scope.defer('reviews', () => server.stop());
  return url;
}

/** Over HTTP and, as the documentation of graphql-ws has it, over WebSocket. */
async function startProducts(): Promise<string> {
  const schema = buildSubgraphSchema(products as never);
  const server = new ApolloServer({ schema, stopOnTerminationSignals: false, plugins });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  scope.defer('products', () => server.stop());
  const http = createServer((request, response) => {
    // One address for both: HTTP is passed on to the standalone server.
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat(chunks),
      });
      response.end(await answer.text());
    });
  });
  const sockets = new WebSocketServer({ server: http });
  const { dispose } = serveSockets({ schema }, sockets);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  scope.defer('products over sockets', async () => {
    await dispose();
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
}

it('SUPERGRAPH and PORT are enough to run a supergraph of anybody: queries, and subscriptions over both', async () => {
  const urls = { products: await startProducts(), reviews: await startReviews() };
  const { supergraphSdl = '' } = composeServices([
    { name: 'products', typeDefs: products.typeDefs, url: urls.products },
    { name: 'reviews', typeDefs: reviews.typeDefs, url: urls.reviews },
  ]);
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-test-')), 'supergraph.graphql');
  writeFileSync(file, supergraphSdl);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, exit, output } = startProcess(scope, { SUPERGRAPH: file, PORT: String(port) });
  await waitFor(async () => (await fetch(`${url}/health`)).status === 200, { timeoutMs: 30_000 });

  const selection = 'name reviews { body } verdict';
  const seen = { name: 'Table', reviews: [{ body: 'of 1' }], verdict: 'dear' };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ products { ${selection} } }` }),
  });
  expect(await response.json()).toEqual({ data: { products: [seen] } });

  const socket = await openSocket(url, scope);
  await socket.init();
  socket.subscribe('1', `subscription { productPriceChanged { ${selection} } }`);
  await waitFor(() => emitter.listenerCount('price') === 1);
  emitter.emit('price', { upc: '1', name: 'Table', price: 999 });
  expect((await socket.next('1')).payload).toEqual({ data: { productPriceChanged: seen } });
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(output()).not.toMatch(/"level":"(error|fatal)"/);
}, 60_000);
