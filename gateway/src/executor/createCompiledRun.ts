import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import type { FormatError } from '../server/formatError.ts';
import type { Run } from './compileFetch.ts';
import type { CompiledOperation } from './compileOperation.ts';
import type { Variables } from './compileVariables.ts';
import type { ApolloRun } from './createApolloRun.ts';
import type { Answer, ExecutionRequest, PreparedOperation } from './createExecutor.ts';
import { fetchErrors } from './fetchErrors.ts';
import type { JsonObject } from './mergeAnswer.ts';
import { inOnePiece } from './quote.ts';

export type CompiledRunOptions = {
  compiled: CompiledOperation;
  /** Yes to variables that are plainly right. */
  plainVariables: (variables: Variables) => boolean;
  /** The same plan on @apollo/gateway's executor: for what is decided before anything is fetched, and for unusual answers. */
  apollo: ApolloRun;
  /** The subgraph whose event it is; '' for a query or a mutation. */
  primary: string;
  format: FormatError;
  /** How long all fetches of one request may take together, in milliseconds. */
  timeoutMs: number;
  /** Counts a request that @apollo/gateway has to run. */
  count(reason: string): void;
  /** Counts a response that @apollo/gateway has to shape. */
  countUnusual(): void;
};

const nothing: readonly never[] = [];

/** Runs a compiled plan. */
export function createCompiledRun(
  options: CompiledRunOptions,
): Pick<PreparedOperation, 'refuse' | 'execute' | 'executeEvent'> {
  const { compiled, plainVariables, apollo, primary, format, timeoutMs, count, countUnusual } = options;

  const refuse = (request: ExecutionRequest): Answer | undefined =>
    plainVariables(request.variables) ? undefined : apollo.refuse(request);

  /** What answers a request before anything is fetched. Nothing is sent twice: after the first fetch there is no way back to it. */
  function instead(request: ExecutionRequest): { answer: Answer } | { conditions: Run['conditions'] } | undefined {
    const answer = refuse(request);
    if (answer) return { answer };
    const conditions = compiled.conditions(request.variables);
    if (conditions) return { conditions };
    count('condition');
    return undefined;
  }

  function run(
    request: ExecutionRequest,
    conditions: Run['conditions'],
    data: JsonObject,
    errors: unknown[],
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const { variables, caller } = request;
      const fail = (error: unknown) => resolve(answerOf([error], undefined, caller));
      const deadline = performance.now() + timeoutMs;
      const state: Run = { data, variables, conditions, caller, deadline, errors, fail };
      try {
        compiled.fetch(state, () => resolve(finish(state, request)));
      } catch (error) {
        fail(error);
      }
    });
  }

  function finish(state: Run, request: ExecutionRequest): Answer | Promise<Answer> {
    const { errors, caller } = state;
    const shaped = compiled.shape(state);
    if (!shaped || (shaped.violated && errors.length === 0)) return shapeByApollo(state, request);
    return answerOf(errors, shaped.text, caller);
  }

  /** Never rejects: a response that can't be shaped is one, too. */
  async function shapeByApollo({ data, errors, caller }: Run, request: ExecutionRequest): Promise<Answer> {
    countUnusual();
    try {
      const shaped = await apollo.shape(data, request);
      if (shaped.errors) return answerOf(shaped.errors, undefined, caller);
      if (errors.length > 0) return answerOf(errors, JSON.stringify(shaped.data), caller);
      const { data: shapedData, extensions } = shaped;
      return { text: JSON.stringify({ data: shapedData, ...(extensions && { extensions }) }), errors: nothing };
    } catch (error) {
      return answerOf([error], undefined, caller);
    }
  }

  /** A response as JSON. Errors are formatted here, and nowhere else. */
  function answerOf(errors: readonly unknown[], data: string | undefined, { trace }: Caller): Answer {
    if (errors.length === 0) return { text: inOnePiece(`{"data":${data}}`), errors: nothing };
    const formatted = resumeTrace(trace, () => errors.map(format));
    const text = `{"errors":${JSON.stringify(formatted)}`;
    if (data === undefined) return { text: `${text}}`, errors: formatted, status: 500 };
    return { text: inOnePiece(`${text},"data":${data}}`), errors: formatted };
  }

  return {
    refuse,
    execute(request) {
      const first = instead(request);
      if (!first) return apollo.execute(request);
      if ('answer' in first) return Promise.resolve(first.answer);
      return run(request, first.conditions, Object.create(null), []);
    },
    executeEvent(event, request) {
      const first = instead(request);
      if (!first) return apollo.executeEvent(event, request);
      if ('answer' in first) return Promise.resolve(first.answer);
      const { data } = event;
      const failed = { serviceName: primary, path: [], data: data ?? {}, numbers: undefined, count: 0 };
      let errors: unknown[] = [];
      try {
        if (event.errors) errors = fetchErrors(event.errors, failed);
      } catch (error) {
        errors = [error];
      }
      // A refusal, or a root that mustn't be null and was: there is nothing to fetch.
      if (!data) {
        const nothingBut = errors.length === 0 || 'data' in event ? 'null' : undefined;
        return Promise.resolve(answerOf(errors, nothingBut, request.caller));
      }
      return run(request, first.conditions, data, errors);
    },
  };
}
