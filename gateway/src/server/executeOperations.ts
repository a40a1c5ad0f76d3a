import type { ApolloServerPlugin, GraphQLRequestListener, HTTPGraphQLRequest } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { GatewayContext } from '../context.ts';
import type { Answer, PreparedOperation } from '../executor/createExecutor.ts';
import { type Explanation, explainOperation } from '../explain/explainOperation.ts';
import type { Graph } from '../graph/createGraph.ts';
import { checkTransport, handOver } from './checkTransport.ts';
import type { ErrorTraces } from './errorTraces.ts';
import type { FormatError } from './formatError.ts';
import { refuseLarge } from './refuseLarge.ts';

/**
 * Stands in Apollo Server's pipeline for the data of a response whose text is ready. Apollo Server copies the result before it is
 * made a text, so it is the data that is recognised.
 */
class ReadyData {
  readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }
}

export type ExecuteOptions = {
  /** Whether who asks is told how an operation was executed. */
  explains: boolean;
  /** Whether what is refused in validation names what the schema has instead. */
  suggests: boolean;
  /** The most fields and fragments that an operation may select; 0: no limit. */
  maxSelections: number;
  /** Formats what keeps an operation from being planned. */
  format: FormatError;
  errorTraces: ErrorTraces;
};

/**
 * Answers queries and mutations with the executor of the schema that they were validated against, at the point of Apollo Server's
 * pipeline where @apollo/gateway would be asked: what makes its request context would promote each request to old space.
 * Subscriptions are handed over to their transport there. It is one plugin that makes no promise of its own for what it has to say
 * at once: Apollo Server makes five for each plugin and hook, and each costs something where traces are followed through them.
 */
export function executeOperations(graph: Graph, options: ExecuteOptions): ApolloServerPlugin<GatewayContext> {
  /** Never rejects: Apollo Server would make of it an error that says nothing. */
  function run({ document, request, contextValue, schema }: Responding, explains: boolean): Promise<Answer> {
    let prepared: PreparedOperation;
    try {
      const { executor } = graph.generationOf(schema) ?? graph.current();
      prepared = executor.prepare(document, request.operationName);
    } catch (error) {
      const errors = [options.format(error)];
      return Promise.resolve({ text: JSON.stringify({ errors }), errors, status: 500 });
    }
    const answer = prepared.execute({ variables: request.variables ?? {}, caller: contextValue });
    return explains ? answer.then((plain) => withExplanation(plain, explainOperation(prepared))) : answer;
  }

  const listener: GraphQLRequestListener<GatewayContext> = {
    didResolveOperation(context) {
      refuseLarge(context.document, checkTransport(context), options.maxSelections);
      return DONE;
    },
    responseForOperation(context) {
      const { operation, document, request, contextValue, response } = context;
      if (operation.operation === 'subscription') {
        handOver(context, document);
        return Promise.resolve({ ...response, body: { kind: 'single', singleResult: {} } });
      }
      const explains = options.explains && request.http?.headers.get(EXPLAIN) === '1';
      return resumeTrace(contextValue.trace, () => run(context, explains)).then((answer) => {
        const { errors, status } = answer;
        const data = new ReadyData(answer) as unknown as Record<string, unknown>;
        // Plugins look at errors; the data is only in the text.
        const singleResult: FormattedExecutionResult = errors.length > 0 ? { errors, data } : { data };
        const { http } = response;
        if (status) http.status = status;
        if (acceptsJson(request.http)) http.headers.set('content-type', JSON_TYPE);
        return { http, body: { kind: 'single', singleResult } };
      });
    },
    didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) options.errorTraces.note(error, contextValue.trace);
      return DONE;
    },
    ...(!options.suggests && { validationDidStart: async () => withoutSuggestions }),
  };
  // The same for every request.
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}

const DONE = Promise.resolve();

type Responding = Parameters<NonNullable<GraphQLRequestListener<GatewayContext>['responseForOperation']>>[0];

/** As Apollo Server names it. */
const JSON_TYPE = 'application/json; charset=utf-8';

/** Whether JSON is the answer without weighing anything. For all others Apollo Server says which type it is to be, or none. */
function acceptsJson(request: HTTPGraphQLRequest | undefined): boolean {
  const accept = request?.headers.get('accept');
  return accept === undefined || accept === 'application/json' || accept === '*/*';
}

/** As ApolloServerPluginDisableSuggestions does it, which is one more plugin for each request to go through. */
async function withoutSuggestions(errors: readonly Error[] | undefined): Promise<void> {
  for (const error of errors ?? []) error.message = error.message.replace(/ ?Did you mean(.+?)\?$/, '');
}

/** A request with this header at 1 is told how it was executed, in `extensions.explain`; never in production. */
const EXPLAIN = 'gateway-explain';

function withExplanation(answer: Answer, explain: Explanation): Answer {
  const response: FormattedExecutionResult = JSON.parse(answer.text);
  return { ...answer, text: JSON.stringify({ ...response, extensions: { ...response.extensions, explain } }) };
}

/** What goes to the client: the text that is ready, or else the result as JSON with the newline that Apollo Server ends it with. */
export function stringifyResult(result: FormattedExecutionResult): string {
  return `${answerOf(result)?.text ?? JSON.stringify(result)}\n`;
}

/** The answer behind a result of the pipeline; undefined when it never came to be executed. */
export function answerOf(result: FormattedExecutionResult): Answer | undefined {
  return result.data instanceof ReadyData ? result.data.answer : undefined;
}
