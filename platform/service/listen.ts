import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Scope } from './scope.ts';

/**
 * Starts to listen and defers the stop: no new connections, the requests under way are finished.
 * Returns the URL; port 0 takes any free one.
 */
export async function listen(
  app: FastifyInstance,
  { host, port, scope }: { host: string; port: number; scope: Scope },
): Promise<string> {
  scope.defer('http', () => app.close());
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
