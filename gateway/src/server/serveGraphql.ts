import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { ClientAddress } from '../clientAddress.ts';
import type { GatewayContext } from '../context.ts';
import type { Verify } from '../identity/createVerifier.ts';
import type { Events } from '../live/serveEvents.ts';
import type { CloseUnread } from './createCloseUnread.ts';
import type { ErrorTraces } from './errorTraces.ts';
import { refuseConditionalRoot } from './refuseConditionalRoot.ts';

export type GraphqlRouteOptions = {
  app: FastifyInstance;
  path: string;
  apollo: ApolloServer<GatewayContext>;
  /** Undefined: identity is off. */
  verify: Verify | undefined;
  clientAddress: ClientAddress;
  /** Answers requests that want an event stream; undefined: nobody does. */
  events: Events | undefined;
  errorTraces: ErrorTraces;
  closeUnread: CloseUnread;
  /** Where a browser that opens the endpoint is sent; undefined: it gets the answer that any client gets. */
  explorer: string | undefined;
};

/** GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/ */
export function serveGraphql(options: GraphqlRouteOptions): void {
  const { app, path, apollo, events, verify, clientAddress, errorTraces, closeUnread, explorer } = options;

  async function contextOf({ raw, headers, body, query, trace: started }: FastifyRequest): Promise<GatewayContext> {
    const trace = started?.context;
    try {
      refuseConditionalRoot(body ?? query);
      const authorization = headers.authorization;
      const identity = verify ? await resumeTrace(trace, () => verify(authorization)) : null;
      const userAgent = headers['user-agent'];
      return { viewer: identity?.viewer ?? null, clientAddress: clientAddress(raw), userAgent, trace };
    } catch (error) {
      errorTraces.note(error, trace);
      throw error;
    }
  }

  app.route({
    method: ['GET', 'POST'],
    url: path,
    onRequest(request, reply, done) {
      const html = request.method === 'GET' && request.headers.accept?.includes('text/html');
      if (explorer && html && !request.url.includes('?')) reply.redirect(explorer);
      else done();
    },
    handler(request, reply) {
      if (events?.wanted(request)) return events.answer(request, reply);
      apollo
        .executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method,
            headers: headersOf(request),
            body: request.body,
            search: searchOf(request.url),
          },
          context: () => contextOf(request),
        })
        .then((response) => {
          send(reply, response);
          closeUnread(reply);
        })
        .catch((error) => reply.send(error));
    },
  });
}

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}

function send(reply: FastifyReply, { status = 200, headers, body }: HTTPGraphQLResponse): void {
  if (body.kind !== 'complete') throw new Error('incremental delivery is not supported');
  for (const [name, value] of headers) reply.header(name, value);
  reply.code(status).send(body.string);
}
