import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import { refuse } from '#platform/errors.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1024 * 1024;
/** What of an upstream answer is passed on. Cookies and the like are nobody's business here. */
const PASSED_ON = ['content-type', 'cache-control', 'etag', 'last-modified'];

/**
 * Plain GET routes that are answered by a service behind the gateway: a path here, a URL there. Nothing of the client's
 * request is passed on but the fact of it. Registers HEAD as well, as fastify does for each GET.
 */
export function serveProxyRoutes(app: FastifyInstance, routes: ReadonlyMap<string, string>, log: Logger): void {
  // The client's own cap: it counts what comes, whatever the answer says of its length, and lets go of the rest.
  const dispatcher = new Agent({ maxResponseSize: MAX_BYTES });
  app.addHook('onClose', () => dispatcher.destroy());
  for (const [path, url] of routes) {
    app.get(path, async (_request, reply) => {
      try {
        const answer = await request(url, { dispatcher, signal: AbortSignal.timeout(TIMEOUT_MS) });
        const body = Buffer.from(await answer.body.arrayBuffer());
        if (answer.statusCode >= 500) throw new Error(`the answer is ${answer.statusCode}`);
        for (const name of PASSED_ON) {
          const value = answer.headers[name];
          if (value !== undefined) reply.header(name, value);
        }
        return reply.code(answer.statusCode).send(body);
      } catch (error) {
        log.warn({ err: error, path }, 'a proxied route is not available');
        return refuse('SERVICE_UNAVAILABLE', 'This is not available at the moment.');
      }
    });
  }
}
