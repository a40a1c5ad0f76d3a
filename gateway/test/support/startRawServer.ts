import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from '#platform/service/scope.ts';

/** An HTTP server that answers with whatever a test wants, GraphQL or not. */
export async function startRawServer(answer: RequestListener, scope: Scope): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer('raw server', () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
