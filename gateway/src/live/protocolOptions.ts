import type { ApolloServer } from '@apollo/server';
import {
  buildSchema,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
} from 'graphql';
import type { Context, OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { traceHeaders, withSpan } from '#platform/telemetry/trace.ts';
import type { AcceptedSubscription, Caller, GatewayContext } from '../context.ts';
import type { Identity } from '../identity/createVerifier.ts';
import { answerOf } from '../server/executeOperations.ts';
import type { FormatError } from '../server/formatError.ts';
import { refuseConditionalRoot } from '../server/refuseConditionalRoot.ts';
import { OperationFailed, openStream, type StreamOptions } from './openStream.ts';
import type { LiveOptions } from './serveLive.ts';
import { socketIdentity } from './socketIdentity.ts';

/** What is known of one client socket. */
export type SocketState = {
  socket: WebSocket;
  clientAddress: string | null;
  identity: Identity | null;
  expiry?: NodeJS.Timeout;
  /** Ids of the queries and mutations that are not answered yet. */
  answering: Set<string>;
  /** Closes the socket; called once nothing is left to be answered. */
  leave?: () => void;
};

/** What a socket that is to be closed may take to be answered; who asks on and on doesn't keep it open. */
const ANSWER_WITHIN_MS = 10_000;

type Socket = Context<Record<string, unknown>, SocketState>;

/** A subscription that waits to be opened, or the result of a query or mutation: what onSubscribe hands to subscribe. */
type Prepared = { stream: StreamOptions } | FormattedExecutionResult;

/**
 * graphql-ws wants a schema and a document that it can tell the kind of operation from. Operations are parsed and validated
 * in Apollo Server's pipeline, so it gets these, and `subscribe` answers all of them.
 */
const PLACEHOLDER = {
  schema: buildSchema('type Query { _: Int } type Subscription { _: Int }'),
  document: parse('subscription { _ }'),
};

/** The gateway's side of the protocol: who is on a socket, and what its operations do. */
export function protocolOptions({ apollo, graph, verify, format, log }: LiveOptions) {
  async function prepare(socket: Socket, id: string, payload: SubscribePayload): Promise<Prepared> {
    refuseConditionalRoot(payload);
    const { clientAddress, identity, answering } = socket.extra;
    const caller: Caller = { viewer: identity?.viewer ?? null, clientAddress };
    let accepted: AcceptedSubscription | undefined;
    answering.add(id);
    const result = await run(apollo, payload, {
      ...caller,
      accept: (subscription) => {
        accepted = subscription;
      },
    });
    if (!accepted) {
      if (result.errors && !('data' in result)) throw new OperationFailed(result.errors);
      return result;
    }
    settle(socket.extra, id);
    const { executor, subgraphs, schema } = graph.generationOf(accepted.schema) ?? graph.current();
    const prepared = executor.prepare(accepted.document, accepted.operationName);
    checkVariables(schema, accepted, format);
    const upstream = subgraphs.get(prepared.primary?.serviceName ?? '')?.upstream;
    if (!prepared.primary || !upstream) throw new Error('a subscription was planned without an owner');
    const { primary } = prepared;
    return { stream: { prepared, primary, accepted, caller, trace: traceHeaders(), upstream, format } };
  }

  function stream(state: SocketState, prepared: Prepared) {
    if (!('stream' in prepared)) return prepared;
    const { socket } = state;
    return openStream(prepared.stream, {
      // 1012 (Service Restart) makes every graphql-ws client reconnect and subscribe again. A client that reconnects also
      // repeats what has not been answered yet, so mutations are answered first.
      onLost() {
        state.leave ??= () => socket.close(1012, 'Upstream lost, subscribe again');
        if (state.answering.size === 0) state.leave();
        else setTimeout(state.leave, ANSWER_WITHIN_MS).unref();
      },
      onSlow() {
        log.warn('a client reads too slowly, its socket is closed');
        socket.close(1013, 'Too slow');
        // Who doesn't read doesn't read the close either.
        setTimeout(() => socket.terminate(), 1_000).unref();
      },
    });
  }

  return {
    async onConnect({ extra, connectionParams }) {
      try {
        extra.identity = await socketIdentity(verify, connectionParams);
      } catch (error) {
        const { extensions } = format(error);
        if (extensions?.code === 'UNAUTHENTICATED') extra.socket.close(4403, `Forbidden: ${extensions.reason}`);
        else extra.socket.close(1013, 'Try again later');
        return false;
      }
      if (extra.identity) {
        const left = extra.identity.expiresAt - Date.now();
        extra.expiry = setTimeout(() => extra.socket.close(4401, 'Unauthorized: EXPIRED'), Math.min(left, 2 ** 31 - 1));
      }
      return true;
    },
    async onSubscribe(socket, id, payload) {
      try {
        const prepared = await withSpan('graphql over websocket', {}, () => prepare(socket, id, payload));
        return { ...PLACEHOLDER, contextValue: { prepared, state: socket.extra } };
      } catch (error) {
        settle(socket.extra, id);
        const failed = error instanceof OperationFailed ? error : new OperationFailed([format(error)]);
        return [new GraphQLError(failed.message, { originalError: failed })];
      }
    },
    subscribe({ contextValue }: ExecutionArgs) {
      const { prepared, state } = contextValue as { prepared: Prepared; state: SocketState };
      return stream(state, prepared) as OperationResult;
    },
    onError(_socket, _id, _payload, errors) {
      return errors.flatMap((error) =>
        error.originalError instanceof OperationFailed ? error.originalError.errors : [format(error)],
      );
    },
    onComplete: ({ extra }, id) => settle(extra, id),
    // Results are formatted already; the default would format them once more.
    onNext: (_socket, _id, _payload, _arguments, result) => result,
  } satisfies ServerOptions<Record<string, unknown>, SocketState>;
}

/** An operation is answered, or as good as: its last message is sent in this turn of the event loop. */
function settle(state: SocketState, id: string): void {
  if (state.answering.delete(id) && state.answering.size === 0 && state.leave) setImmediate(state.leave);
}

/** An operation through the whole of Apollo Server's pipeline, as over HTTP. */
async function run(
  apollo: ApolloServer<GatewayContext>,
  { query, variables, operationName, extensions }: SubscribePayload,
  contextValue: GatewayContext,
): Promise<FormattedExecutionResult> {
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(variables && { variables }),
      ...(operationName && { operationName }),
      ...(extensions && { extensions }),
    },
    { contextValue },
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not supported');
  const answer = answerOf(body.singleResult);
  return answer ? JSON.parse(answer.text) : body.singleResult;
}

/** Variables are checked here, as @apollo/gateway does it for queries: no subgraph sees those that are wrong. */
function checkVariables(schema: GraphQLSchema, accepted: AcceptedSubscription, format: FormatError): void {
  const operation = getOperationAST(accepted.document, accepted.operationName);
  const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], accepted.variables);
  if (!errors) return;
  const extensions = { code: 'BAD_USER_INPUT' };
  throw new OperationFailed(
    errors.map(({ message, nodes }) => format(new GraphQLError(message, { nodes, extensions }))),
  );
}
