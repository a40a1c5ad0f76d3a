import { context as contexts, type Context as Trace } from '@opentelemetry/api';
import { buildSchema, type ExecutionArgs, GraphQLError, parse } from 'graphql';
import type { Context, ServerOptions } from 'graphql-ws';
import type { ErrorCode } from '#platform/errors.ts';
import { resumeTrace, withSpan } from '#platform/telemetry/trace.ts';
import type { Verify } from '../identity/createVerifier.ts';
import type { FormatError } from '../server/formatError.ts';
import type { ClientSocket } from './createClientSocket.ts';
import type { Connections } from './createConnections.ts';
import { OperationFailed, type Operations, type RunningOperation } from './createOperations.ts';
import { createPending, type Pending } from './createPending.ts';
import type { StreamRequest, Streams } from './createStreams.ts';
import { socketIdentity } from './socketIdentity.ts';

export type ProtocolDeps = {
  operations: Operations;
  streams: Streams;
  connections: Connections;
  /** Undefined: identity is off. */
  verify: Verify | undefined;
  format: FormatError;
};

type Socket = Context<Record<string, unknown>, ClientSocket>;

/** Ends an operation of a socket that is being closed. The client doesn't see it: the close has told it why. */
const gone = () => new OperationFailed([{ message: 'The socket is being closed.' }]);

const BUSY = new OperationFailed([
  {
    message: 'Too many operations of this connection are waiting to be answered.',
    extensions: { code: 'TOO_BUSY' satisfies ErrorCode, retryAfter: 1 },
  },
]);

/** What onSubscribe hands to subscribe. */
type Begun = { context: Socket; id: string; running: RunningOperation };

/**
 * graphql-ws wants a schema and a document that it can tell the kind of operation from. Operations are parsed and validated
 * in Apollo Server's pipeline, so it gets these, and `subscribe` answers all of them.
 */
const PLACEHOLDER = {
  schema: buildSchema('type Query { _: Int } type Subscription { _: Int }'),
  document: parse('subscription { _ }'),
};

/**
 * The gateway's side of the protocol: who is on a socket, and what its operations do. Answers are texts that are ready: they go
 * into `next` messages as they are, past graphql-ws, which is only told of the end.
 */
export function protocolOptions({ operations, streams, connections, verify, format }: ProtocolDeps) {
  function listen(socket: ClientSocket, id: string, request: StreamRequest): Pending {
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let unsent = 0;
    const sent = () => {
      unsent -= 1;
    };
    const pending = createPending(() => leave());
    const leave = streams.listen(request, {
      next(text) {
        unsent += 1;
        socket.send(`${prefix}${text}}`, sent);
      },
      get unsent() {
        return socket.congested ? Number.POSITIVE_INFINITY : unsent;
      },
      end(end) {
        if (end.kind === 'complete') pending.complete();
        else if (end.kind === 'errors') pending.fail(new OperationFailed(end.errors));
        // Neither an error nor a completion before: clients take either for the end, and don't subscribe again.
        else if (end.kind === 'lost') socket.closeWhenAnswered(1012, 'Upstream lost, subscribe again');
        else socket.tooSlow();
      },
    });
    return pending;
  }

  /** What a client is told of a failure; an accident is logged under the trace. */
  function failedOf(error: unknown, trace?: Trace): OperationFailed {
    if (error instanceof OperationFailed) return error;
    return new OperationFailed([resumeTrace(trace, () => format(error))]);
  }

  /** A single answer. The completion follows once it is on its way, at the pace at which the client reads. */
  function answer({ extra: socket, subscriptions }: Socket, id: string, text: string): Pending {
    const pending = createPending(() => {});
    // Unless the client has completed it meanwhile.
    if (id in subscriptions)
      socket.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${text}}`, pending.complete);
    else pending.complete();
    return pending;
  }

  return {
    async onConnect({ extra, connectionParams }) {
      try {
        extra.identity = await socketIdentity(verify, connectionParams);
      } catch (error) {
        const { extensions } = format(error);
        if (extensions?.code === 'UNAUTHENTICATED') extra.close(4403, `Forbidden: ${extensions.reason}`);
        else extra.close(1013, 'Try again later');
        return false;
      }
      return connections.check(extra);
    },
    async onSubscribe(context, id, payload) {
      const socket = context.extra;
      if (!socket.ask(payload)) return [new GraphQLError(BUSY.message, { originalError: BUSY })];
      try {
        if (!connections.mayBegin(socket)) throw gone();
        const { identity, clientAddress, userAgent } = socket;
        const viewer = identity?.viewer ?? null;
        const running = await withSpan('graphql over websocket', {}, () => {
          const trace = contexts.active();
          return operations(payload, { viewer, clientAddress, userAgent, trace }).catch((error: unknown) => {
            throw failedOf(error, trace);
          });
        });
        // Nobody is there any more for whom a subscription could be opened.
        if (socket.closing) throw gone();
        if (running.kind === 'stream') socket.settle(payload);
        return { ...PLACEHOLDER, contextValue: { context, id, running } satisfies Begun };
      } catch (error) {
        socket.settle(payload);
        const failed = failedOf(error);
        return [new GraphQLError(failed.message, { originalError: failed })];
      }
    },
    subscribe({ contextValue }: ExecutionArgs) {
      const { context, id, running } = contextValue as Begun;
      return running.kind === 'stream' ? listen(context.extra, id, running.request) : answer(context, id, running.text);
    },
    onError(_socket, _id, _payload, errors) {
      return withSpan('graphql over websocket', {}, () =>
        errors.flatMap(
          (error) => failedOf(error.originalError instanceof OperationFailed ? error.originalError : error).errors,
        ),
      );
    },
    onComplete: ({ extra }, _id, payload) => extra.settle(payload),
  } satisfies ServerOptions<Record<string, unknown>, ClientSocket>;
}
