import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Agent, type Dispatcher, request } from 'undici';
import { refuse } from '#platform/errors.ts';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { inTrace } from '#platform/service/requestTrace.ts';
import { traceHeaders } from '#platform/telemetry/trace.ts';
import type { ClientAddress } from '../clientAddress.ts';
import type { CloseUnread } from '../server/createCloseUnread.ts';
import type { ProxyRoute } from './readRoute.ts';
import { refuseCrossSite } from './refuseCrossSite.ts';
import { refuseEmbedded } from './refuseEmbedded.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1024 * 1024;
/** A page may be a file, which is gathered first. */
const PAGE_TIMEOUT_MS = 60_000;
const PAGE_MAX_BYTES = 64 * MAX_BYTES;
/** What of an upstream answer is passed on. */
const PASSED_ON = ['content-type', 'cache-control', 'etag', 'last-modified', 'retry-after'];
/** And of that of a service that is named. */
const PASSED_ON_OF_SERVICES = [...PASSED_ON, 'set-cookie', 'location', 'referrer-policy', 'content-disposition'];

export type ProxyOptions = {
  app: FastifyInstance;
  routes: readonly ProxyRoute[];
  keys: CallKeys;
  clientAddress: ClientAddress;
  /** The most bytes of a body that is passed on. */
  bodyLimit: number;
  closeUnread: CloseUnread;
  log: Logger;
};

/**
 * Plain routes that are answered by a service behind the gateway. Nothing of the client's request is passed on but the fact
 * of it, unless the route names its service: then the call is signed, with the client's address and user agent, the body
 * (JSON) and the cookies go along, and the answer may set cookies. A page's query goes along, too.
 */
export function serveProxyRoutes(options: ProxyOptions): void {
  const { app, routes, keys, clientAddress, bodyLimit, closeUnread, log } = options;
  // The client's own cap: it counts what comes, whatever the answer says of its length, and lets go of the rest.
  const dispatcher = new Agent({ maxResponseSize: MAX_BYTES });
  const pages = new Agent({ maxResponseSize: PAGE_MAX_BYTES });
  app.addHook('onClose', () => Promise.all([dispatcher.destroy(), pages.destroy()]));
  app.register(async (scope) => {
    // What is signed are the bytes, and what is in them is the service's matter.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    for (const route of routes) {
      const { method, path, service, page } = route;
      scope.route({
        method,
        url: path,
        // What such a page does, it does for whoever opens it, and not for who looks whether it is there.
        exposeHeadRoute: !page,
        handler: async (incoming, reply) => {
          if (page) refuseEmbedded(incoming.headers);
          else if (service !== undefined) refuseCrossSite(incoming.headers);
          const target = targetOf(route, incoming);
          const answer = await ask(route, target, incoming).catch((error: unknown) => {
            inTrace(incoming, () => log.warn({ err: error, path }, 'a proxied route is not available'));
            return refuse('SERVICE_UNAVAILABLE', 'This is not available at the moment.');
          });
          pass(answer, reply, service !== undefined);
          closeUnread(reply);
          return reply;
        },
      });
    }
  });

  async function ask({ method, service, page }: ProxyRoute, url: string, incoming: FastifyRequest): Promise<Answer> {
    const signal = AbortSignal.timeout(page ? PAGE_TIMEOUT_MS : TIMEOUT_MS);
    const sent: Partial<Dispatcher.RequestOptions> = service === undefined ? {} : forward(service, url, incoming);
    const answer = await request(url, { method, dispatcher: page ? pages : dispatcher, signal, ...sent });
    const body = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode >= 500) throw new Error(`the answer is ${answer.statusCode}`);
    // A client can do nothing about a call that we have signed wrongly.
    if (service !== undefined && answer.statusCode === 401 && isCallRefused(body)) throw new Error(`${body}`);
    return { ...answer, body };
  }

  function forward(service: string, url: string, { raw, headers, body }: FastifyRequest) {
    const { pathname, search } = new URL(url);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const signed = signCall({
      keys,
      caller: 'gateway',
      callee: service,
      path: pathname + search,
      viewer: null,
      clientAddress: clientAddress(raw),
      userAgent: headers['user-agent'],
      body: bytes,
      // A nonce: whatever such a route does, it does once a call.
      mutation: true,
    });
    const { cookie } = headers;
    return {
      headers: { 'content-type': 'application/json', ...(cookie && { cookie }), ...traceHeaders(), ...signed },
      body: bytes,
    };
  }
}

type Answer = { statusCode: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

function pass({ statusCode, headers, body }: Answer, reply: FastifyReply, ofService: boolean): FastifyReply {
  for (const name of ofService ? PASSED_ON_OF_SERVICES : PASSED_ON) {
    const value = headers[name];
    if (value !== undefined) reply.header(name, value);
  }
  return reply.code(statusCode).send(body);
}

/** Where a request goes: its segments in their places, and a page's query. */
function targetOf({ url, page }: ProxyRoute, { params, raw }: FastifyRequest): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params as Record<string, string>)) {
    // Dots alone would lead to another path.
    if (!/^[\w~-][\w.~-]*$/.test(value)) refuse('NOT_FOUND', 'There is nothing at this path');
    target.pathname = target.pathname.replace(`:${name}`, () => value);
  }
  if (page) target.search = new URL(raw.url ?? '/', 'http://gateway').search;
  return target.href;
}

function isCallRefused(body: Buffer): boolean {
  try {
    return JSON.parse(String(body)).errors[0].extensions.code === 'CALL_REFUSED';
  } catch {
    return false;
  }
}
