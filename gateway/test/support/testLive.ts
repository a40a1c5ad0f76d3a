import { beforeAll } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './library.ts';
import { libraryFeed } from './libraryFeed.ts';
import { openSocket, type TestSocket } from './openSocket.ts';
import { type Issuer, startIssuer } from './startIssuer.ts';
import { startSubgraph, type TestSubgraph } from './startSubgraph.ts';
import { startTestGateway, type TestGateway } from './startTestGateway.ts';

/** A gateway over the library for the tests of a file, with sockets to it. Filled before the first test. */
export type TestLive = {
  gateway: TestGateway;
  books: TestSubgraph;
  issuer: Issuer;
  open(options?: Parameters<typeof openSocket>[2]): Promise<TestSocket>;
  /** An acknowledged socket. */
  connect(payload?: Record<string, unknown>): Promise<TestSocket>;
};

/**
 * Starts it. Call it at the top of a file. Subscriptions aren't shared unless the variables say so: sockets stay open to the end of
 * the file, and what one test asks, another may ask too.
 */
export function testLive(variables: Record<string, string> = {}): TestLive {
  const scope = testScope();
  const live = {
    open: (options) => openSocket(live.gateway.url, scope, options),
    async connect(payload) {
      const socket = await live.open();
      await socket.init(payload);
      return socket;
    },
  } as TestLive;
  beforeAll(async () => {
    live.issuer = await startIssuer(scope);
    const authors = await startSubgraph('authors', scope);
    live.books = await startSubgraph('books', scope);
    live.gateway = await startTestGateway(
      {
        SUPERGRAPH: writeLibrarySupergraph(),
        SUBGRAPH_URLS: `authors=${authors.url},books=${live.books.url}`,
        SUBGRAPH_TIMEOUT_MS: '1000',
        JWKS_URL: live.issuer.jwksUrl,
        SHARED_SUBSCRIPTIONS: 'off',
        ...variables,
      },
      scope,
    );
  });
  return live;
}

/** Subscribes and waits until the subgraph listens. */
export async function listening(
  socket: TestSocket,
  id: string,
  query: string,
  rest?: Record<string, unknown>,
): Promise<void> {
  const before = libraryFeed.open();
  socket.subscribe(id, query, rest);
  await waitFor(() => libraryFeed.open() > before);
}
