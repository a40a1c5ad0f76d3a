import type { FetchNode } from '@apollo/query-planner';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { Refusal } from '#platform/errors.ts';
import type { AcceptedSubscription, Caller } from '../context.ts';
import type { PreparedOperation } from '../executor/createExecutor.ts';
import type { FormatError } from '../server/formatError.ts';
import { toGraphQLError } from '../transport/createSubgraphSource.ts';
import { createEventQueue } from './createEventQueue.ts';
import type { Upstream } from './createUpstream.ts';
import type { UpstreamEnd } from './openUpstreamSocket.ts';

/** Ends an operation with an `error` message that carries these. */
export class OperationFailed extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('the operation failed');
    this.errors = errors;
  }
}

export type StreamOptions = {
  prepared: PreparedOperation;
  primary: FetchNode;
  accepted: AcceptedSubscription;
  caller: Caller;
  /** Trace headers that ride along to the subgraph. */
  trace: Record<string, string>;
  upstream: Upstream;
  format: FormatError;
};

/**
 * What the transport has to do about a stream that can't go on. The stream says nothing more, neither an error nor its
 * completion: clients take either for the end, and don't subscribe again.
 */
export type StreamTrouble = {
  /** The upstream went away: events may be missing, so the client has to subscribe anew. */
  onLost(): void;
  /** The client reads slower than events come, and its queue is full. */
  onSlow(): void;
};

/** Events that may wait for one operation of a slow client. */
const MAX_WAITING = 256;

/** Runs a planned subscription: upstream events, projected, in order. Returning from the iterator cancels upstream. */
export function openStream(
  { prepared, primary, accepted, caller, trace, upstream, format }: StreamOptions,
  trouble: StreamTrouble,
): AsyncGenerator<FormattedExecutionResult, undefined, undefined> {
  const queue = createEventQueue<FormattedExecutionResult>(MAX_WAITING, () => cancel());
  let finished = false;
  // Events are answered one after the other, so that they stay in order.
  let last: Promise<unknown> = Promise.resolve();

  function end(how: UpstreamEnd): void {
    finished = true;
    if (how.kind === 'complete') queue.end();
    else if (how.kind === 'errors') {
      queue.end(new OperationFailed(how.errors.map((error) => format(toGraphQLError(error, primary.serviceName)))));
    } else if (how.kind === 'unavailable') queue.end(new OperationFailed([format(unavailable(primary.serviceName))]));
    else trouble.onLost();
  }

  const cancel = upstream.subscribe(
    {
      query: primary.operation,
      variables: used(accepted.variables, primary.variableUsages),
      operationName: primary.operationName,
      caller,
      trace,
    },
    {
      next(event) {
        const answered = last.then(() =>
          finished ? undefined : prepared.executeEvent(event, { variables: accepted.variables, caller }),
        );
        last = answered.then((answer) => {
          if (!answer || finished || queue.push(JSON.parse(answer.text))) return;
          finished = true;
          cancel();
          trouble.onSlow();
        });
      },
      end: (how) => void last.then(() => end(how)),
    },
  );
  return queue.events;
}

function unavailable(serviceName: string): Refusal {
  const message = `The service "${serviceName}" is not available at the moment.`;
  return new Refusal('SERVICE_UNAVAILABLE', message, { serviceName });
}

/** Those of the client's variables that the upstream operation uses. */
function used(variables: Record<string, unknown>, names: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  );
}
