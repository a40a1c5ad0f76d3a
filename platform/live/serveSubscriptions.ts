import type { FastifyInstance } from 'fastify';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { handleProtocols, type SubscribePayload } from 'graphql-ws';
import { useServer as serveGraphqlWs } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { formatErrors, Refusal } from '../errors.ts';
import type { CallKeys } from '../identity/callKeys.ts';
import type { Nonces } from '../identity/nonces.ts';
import { verifyCall } from '../identity/verifyCall.ts';
import type { Call } from '../identity/viewer.ts';

/** How long a client may take to answer the close of its socket. */
const closePatienceMs = 1_000;

/** The text that the call in `extensions.call` signs: this JSON of the operation, with these three keys in this order. */
export function signedOperation({ query, variables, operationName }: SubscribePayload): string {
  return JSON.stringify({ query, variables, operationName });
}

/**
 * Serves the subscriptions of a subgraph over graphql-ws at `path`, to other services only: one socket carries the
 * operations of many viewers, so each operation is signed, in `extensions.call`, as an HTTP call is in its headers.
 * Refused operations get CALL_REFUSED. The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export function serveSubscriptions<Context extends object>(options: {
  app: FastifyInstance;
  path: string;
  name: string;
  schema: GraphQLSchema;
  keys: CallKeys;
  nonces: Nonces;
  /** The services that may subscribe: the gateway, unless told otherwise. Whoever may can speak for every viewer. */
  allow?: readonly string[];
  context: (call: Call) => Context;
  log: Logger;
}): void {
  const { app, path, name, schema, keys, nonces, allow = ['gateway'], context, log } = options;
  const format = formatErrors(log);
  const formatAll = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
    errors.map((error) => format(error.toJSON(), error));

  const sockets = new WebSocketServer({ noServer: true, handleProtocols, maxPayload: 256 * 1024 });
  const server = serveGraphqlWs(
    {
      schema,
      connectionInitWaitTimeout: 3_000,
      async onSubscribe(socket, _id, payload) {
        try {
          const headers = (payload.extensions?.call ?? {}) as Record<string, string | undefined>;
          const body = signedOperation(payload);
          const path = socket.extra.request.url ?? '';
          const call = await verifyCall({ keys, callee: name, allow, path, headers, body, nonces });
          return prepare(schema, payload, context(call));
        } catch (error) {
          return [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })];
        }
      },
      onError: (_socket, _id, _payload, errors) => formatAll(errors),
      onNext: (_socket, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: formatAll(result.errors) } : undefined,
    },
    sockets,
  );

  app.server.on('upgrade', (request, socket, head) => {
    // A socket that fails before it belongs to anybody must not take the process with it.
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?', 1)[0] !== path) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  // Before the HTTP server stops: it waits for its sockets, upgraded ones included.
  app.addHook('preClose', async () => {
    const stragglers = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, closePatienceMs);
    await server.dispose();
    clearTimeout(stragglers);
  });
}

/** Parses and validates a subscription. Queries and mutations go over HTTP. */
function prepare(
  schema: GraphQLSchema,
  payload: SubscribePayload,
  contextValue: object,
): ExecutionArgs | GraphQLError[] {
  let document: ReturnType<typeof parse>;
  try {
    document = parse(payload.query);
  } catch (error) {
    return [new Refusal('GRAPHQL_PARSE_FAILED', (error as Error).message)];
  }
  const problems = validate(schema, document);
  if (problems.length > 0) return problems.map((problem) => new Refusal('GRAPHQL_VALIDATION_FAILED', problem.message));
  if (getOperationAST(document, payload.operationName)?.operation !== 'subscription') {
    return [new Refusal('BAD_REQUEST', 'Only subscriptions are served here; queries and mutations go over HTTP')];
  }
  return {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    contextValue,
  };
}
