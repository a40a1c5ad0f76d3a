import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { SpanKind } from '@opentelemetry/api';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { isRecorded, resumeTrace, withSpan } from '#platform/telemetry/trace.ts';
import type { Caller } from '../context.ts';
import {
  type SubgraphClient,
  type SubgraphRequest,
  type SubgraphResponse,
  SubgraphUnavailable,
} from '../transport/createSubgraphClient.ts';
import { compileUnavailableErrors, type UnavailableErrors } from '../transport/unavailableErrors.ts';
import { collectTargets } from './collectTargets.ts';
import { compileRepresentations, type Representations } from './compileRepresentations.ts';
import { compileVariableText, type Variables } from './compileVariables.ts';
import { fetchErrors } from './fetchErrors.ts';
import { copyJson, type JsonObject, mergeAnswer } from './mergeAnswer.ts';
import { applyRewrites } from './rewriteAnswer.ts';

/** One run of an operation. */
export type Run = {
  /** The response so far: every answer is merged into it. */
  data: JsonObject;
  variables: Variables;
  /** The values of the variables that @skip and @include ask for. */
  conditions: Readonly<Record<string, boolean>>;
  caller: Caller;
  /** On performance.now()'s clock: when every fetch has to be over. */
  deadline: number;
  /** What went wrong, in the order in which it did; not formatted yet. */
  errors: unknown[];
  /** Ends the run: nothing sensible can come of it. */
  fail(error: unknown): void;
};

/** A part of a plan; calls `done` once, unless it calls the run's `fail`. */
export type Step = (run: Run, done: () => void) => void;

export type FetchOptions = {
  node: FetchNode;
  /** Where in the response it stands. */
  path: ResponsePath;
  call: SubgraphClient;
  mutation: boolean;
  supergraph: GraphQLSchema;
  /** Whether every place gets a copy of its own of an answer that stands at several: another fetch writes into it. */
  copies: boolean;
  log: Logger;
};

/** What is sent, as text. Who doesn't send the text finds the variables in it. */
class PreparedRequest implements SubgraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly mutation: boolean;
  readonly body: string;
  readonly deadline: number;

  constructor(query: string, operationName: string | undefined, mutation: boolean, body: string, deadline: number) {
    this.query = query;
    this.operationName = operationName;
    this.mutation = mutation;
    this.body = body;
    this.deadline = deadline;
  }

  get variables(): Record<string, unknown> {
    return (JSON.parse(this.body) as { variables: Record<string, unknown> }).variables;
  }
}

/** Compiles a fetch: the text of what it sends is ready but for the variables. */
export function compileFetch(options: FetchOptions): Step {
  const { node, path, call, mutation, supergraph } = options;
  const { operation, operationName, serviceName, outputRewrites } = node;
  const represent = node.requires && compileRepresentations(supergraph, node);
  const variableText = compileVariableText(node.variableUsages ?? []);
  const head = `{"query":${JSON.stringify(operation)},"variables":{`;
  const tail = operationName === undefined ? '}}' : `},"operationName":${JSON.stringify(operationName)}}`;
  const unavailable = lateUnavailableErrors(options);

  /** Sends, and takes the answer: what goes wrong in that costs this fetch, and nothing else. */
  function send(
    run: Run,
    variables: string,
    asked: Representations | undefined,
    merge: (data: JsonObject) => void,
    done: () => void,
  ): void {
    const take = ({ errors, data }: SubgraphResponse, count = 0) => {
      try {
        if (errors) {
          const numbers = asked?.numbers;
          // Found out before the data changes, told whatever becomes of that.
          run.errors.push(...fetchErrors(errors, { serviceName, path, data: run.data, numbers, count }));
        }
      } catch (error) {
        run.errors.push(error);
      }
      try {
        if (data) merge(data);
      } catch (error) {
        run.errors.push(error);
      }
      next();
    };
    const refuse = (error: unknown) => {
      // One error for each place already, so that none stands for several.
      if (error instanceof SubgraphUnavailable) {
        const errors = resumeTrace(run.caller.trace, () => unavailable(error, asked));
        return take({ errors }, asked?.numbers.length);
      }
      run.errors.push(error);
      next();
    };
    const next = () => {
      try {
        done();
      } catch (error) {
        run.fail(error);
      }
    };
    const request = new PreparedRequest(operation, operationName, mutation, head + variables + tail, run.deadline);
    const answered = resumeTrace(run.caller.trace, () =>
      // A span costs promises of its own, so there is one only where somebody records it.
      isRecorded()
        ? withSpan(`fetch ${serviceName}`, {}, () => call(request, run.caller), SpanKind.CLIENT)
        : call(request, run.caller),
    );
    answered.then((response) => take(response, asked?.count), refuse);
  }

  if (!represent) {
    return (run, done) => {
      const targets = collectTargets(run.data, path);
      if (!targets) return done();
      send(
        run,
        variableText(run.variables),
        undefined,
        (data) => {
          applyRewrites(supergraph, outputRewrites, data);
          for (const target of targets) mergeAnswer(target, data);
        },
        done,
      );
    };
  }
  function askFor(run: Run, found: readonly JsonObject[]): Representations | undefined {
    try {
      return represent?.(found);
    } catch (error) {
      run.errors.push(error);
      return undefined;
    }
  }

  return (run, done) => {
    const found = collectTargets(run.data, path);
    const asked = found && askFor(run, found);
    if (!asked || asked.count === 0) return done();
    const variables = variableText(run.variables);
    const text = `${variables}${variables && ','}"representations":[${asked.text}]`;
    send(run, text, asked, (data) => mergeEntities(options, asked, data._entities), done);
  };
}

function mergeEntities({ supergraph, node, copies }: FetchOptions, asked: Representations, entities: unknown): void {
  const { targets, numbers, count } = asked;
  if (!Array.isArray(entities)) throw new Error('Expected "data._entities" in response to be an array');
  if (entities.length !== count) throw new Error(`Expected "data._entities" to contain ${count} elements`);
  const { outputRewrites } = node;
  for (let place = 0; place < targets.length; place += 1) {
    const target = targets[place] as JsonObject;
    const received = entities[numbers[place] as number] as JsonObject | null;
    const entity = copies ? copyJson(received) : received;
    if (entity && !entity.__typename) entity.__typename = target.__typename;
    if (outputRewrites) applyRewrites(supergraph, outputRewrites, entity);
    mergeAnswer(target, entity);
  }
}

/** What is lost when nobody answers, found out the first time. */
function lateUnavailableErrors({ node, log }: FetchOptions) {
  const { operation, serviceName } = node;
  let known: UnavailableErrors | undefined;
  return (error: SubgraphUnavailable, asked: Representations | undefined) => {
    log.warn({ err: error, subgraph: serviceName }, error.message);
    known ??= compileUnavailableErrors(operation);
    const different: unknown[] | undefined = asked && JSON.parse(`[${asked.text}]`);
    const representations = different && asked?.numbers.map((number) => different[number]);
    return known(representations, `The service "${serviceName}" is not available at the moment.`);
  };
}
