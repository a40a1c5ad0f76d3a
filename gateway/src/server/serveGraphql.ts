import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { ClientAddress } from '../clientAddress.ts';
import type { GatewayContext } from '../context.ts';
import type { Verify } from '../identity/createVerifier.ts';
import type { Events } from '../live/serveEvents.ts';
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
  /** Where a browser that opens the endpoint is sent; undefined: it gets the answer that any client gets. */
  explorer: string | undefined;
};

/** GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/ */
export function serveGraphql({
  app,
  path,
  apollo,
  events,
  verify,
  clientAddress,
  explorer,
}: GraphqlRouteOptions): void {
  const answer = fastifyApolloHandler<GatewayContext>(apollo, {
    context: async ({ raw, headers, body, query }) => {
      refuseConditionalRoot(body ?? query);
      const identity = verify ? await verify(headers.authorization) : null;
      return {
        viewer: identity?.viewer ?? null,
        clientAddress: clientAddress(raw),
        userAgent: headers['user-agent'],
      };
    },
  });
  app.route({
    method: ['GET', 'POST'],
    url: path,
    onRequest(request, reply, done) {
      const html = request.method === 'GET' && request.headers.accept?.includes('text/html');
      if (explorer && html && !request.url.includes('?')) reply.redirect(explorer);
      else done();
    },
    handler(request, reply) {
      return events?.wanted(request) ? events.answer(request, reply) : answer.call(app, request, reply);
    },
  });
}
