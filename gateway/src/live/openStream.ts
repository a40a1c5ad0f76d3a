import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import { Refusal } from '#platform/errors.ts';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import type { PreparedOperation } from '../executor/createExecutor.ts';
import type { FormatError } from '../server/formatError.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { toGraphQLErrors } from '../transport/createSubgraphSource.ts';
import { createAnswerQueue } from './createAnswerQueue.ts';
import type { Upstream, UpstreamOperation } from './createUpstream.ts';
import { openUpstreamOperation } from './openUpstreamOperation.ts';
import type { ResumableOperation } from './resumableOperation.ts';

/**
 * Why a stream says nothing more. `lost`: the upstream went away, and events may be missing, so the client has to subscribe anew.
 * `slow`: too many events wait for it.
 */
export type StreamEnd =
  | { kind: 'complete' }
  | { kind: 'errors'; errors: readonly GraphQLFormattedError[] }
  | { kind: 'lost' }
  | { kind: 'slow' };

/** A client's operation, as its stream sees it. */
export type Listener = {
  /** Takes the next answer: the JSON of a whole response. */
  next(text: string): void;
  /** Answers that it has taken and that haven't left for the client yet. */
  readonly unsent: number;
  /** Called once, and nothing after it. */
  end(end: StreamEnd): void;
};

export type StreamOptions = {
  prepared: PreparedOperation;
  primary: FetchNode;
  /** Undefined: the field isn't resumable. */
  resumable: ResumableOperation | undefined;
  variables: Readonly<Record<string, unknown>>;
  caller: Caller;
  upstream: Upstream;
  format: FormatError;
  /** The last listener has left, or the stream has ended. */
  onDone(): void;
};

/** A subscription that runs upstream, and whoever listens to it. */
export type Stream = {
  /** Whether who joins now hears all that the stream has to say. */
  readonly joinable: boolean;
  /** Adds a listener; it hears of the events that come from now on. Returns what makes it leave. */
  join(listener: Listener): () => void;
};

/** Events that may wait for one listener: for what other subgraphs have to say of them, or to be sent. */
const MAX_WAITING = 256;
/** Bytes that may wait to be sent to one client. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Events of one stream that other subgraphs are asked about at the same time. */
const AT_ONCE = 8;

/** Runs a planned subscription. Each event is answered once, however many listen. */
export function openStream(options: StreamOptions): Stream {
  const { prepared, primary, resumable, variables, caller, format, onDone } = options;
  /** What is logged of errors is found under the trace of who has subscribed first. */
  const told = <T>(work: () => T): T => resumeTrace(caller.trace, work);
  /** With the number of the first event that each is to hear of. */
  const listeners = new Map<Listener, number>();
  /** The end has come from upstream; the answers of the last events may still be under way. */
  let ending = false;
  let done = false;

  const answers = createAnswerQueue<SubgraphResponse>({
    atOnce: AT_ONCE,
    async answer(event) {
      try {
        return (await prepared.executeEvent(event, { variables, caller })).text;
      } catch (error) {
        return JSON.stringify({ errors: told(() => [format(error)]) });
      }
    },
    deliver(text, number) {
      for (const [listener, from] of listeners) if (number >= from) listener.next(text);
    },
  });

  function finish(end?: StreamEnd): void {
    if (done) return;
    done = true;
    answers.stop();
    onDone();
    const left = [...listeners.keys()];
    listeners.clear();
    if (end) for (const listener of left) listener.end(end);
  }

  function leave(listener: Listener): void {
    if (!listeners.delete(listener) || listeners.size > 0 || done) return;
    finish();
    cancel();
  }

  function take(event: SubgraphResponse): void {
    for (const [listener, from] of listeners) {
      const waiting = Math.min(answers.waiting, answers.pushed - from) + listener.unsent;
      if (waiting < MAX_WAITING) continue;
      leave(listener);
      listener.end({ kind: 'slow' });
    }
    if (!done) answers.push(event);
  }

  function endOf(end: Parameters<Parameters<typeof openUpstreamOperation>[1]['end']>[0]): StreamEnd {
    if (end.kind === 'complete' || end.kind === 'lost') return { kind: end.kind };
    const { serviceName } = primary;
    if (end.kind === 'unavailable') return { kind: 'errors', errors: told(() => [format(unavailable(serviceName))]) };
    return { kind: 'errors', errors: told(() => (toGraphQLErrors(end.errors, serviceName) ?? []).map(format)) };
  }

  function letFinish(end: Parameters<typeof endOf>[0]): void {
    ending = true;
    answers.whenEmpty(() => finish(endOf(end)));
  }

  const cancel = openUpstreamOperation(
    { upstream: options.upstream, operation: operationOf(options), resumable },
    { next: take, end: letFinish },
  );

  return {
    get joinable() {
      return !done && !ending && (answers.pushed === 0 || !resumable?.beginsAtCursor(variables));
    },
    join(listener) {
      listeners.set(listener, answers.pushed);
      return () => leave(listener);
    },
  };
}

function operationOf({ primary, resumable, variables, caller }: StreamOptions): UpstreamOperation {
  return {
    query: resumable?.query ?? primary.operation,
    variables: used(variables, primary.variableUsages),
    operationName: primary.operationName,
    caller,
  };
}

function unavailable(serviceName: string): Refusal {
  const message = `The service "${serviceName}" is not available at the moment.`;
  return new Refusal('SERVICE_UNAVAILABLE', message, { serviceName });
}

/** Those of the client's variables that the upstream operation uses. */
function used(variables: Readonly<Record<string, unknown>>, names: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  );
}
