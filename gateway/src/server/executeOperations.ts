import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Answer } from '../executor/createExecutor.ts';
import { type Explanation, explainOperation } from '../explain/explainOperation.ts';
import type { Graph } from '../graph/createGraph.ts';
import { checkTransport, handOver } from './checkTransport.ts';
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
};

/**
 * Answers queries and mutations with the executor of the schema that they were validated against, at the point of Apollo Server's
 * pipeline where @apollo/gateway would be asked: what makes its request context would promote each request to old space.
 * Subscriptions are handed over to their transport there. It is one plugin that makes no promise of its own for what it has to say
 * at once: Apollo Server makes five for each plugin and hook, and each costs something where traces are followed through them.
 */
export function executeOperations(graph: Graph, options: ExecuteOptions): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    didResolveOperation(context) {
      refuseLarge(context.document, checkTransport(context), options.maxSelections);
      return DONE;
    },
    responseForOperation(context) {
      const { operation, document, request, contextValue, response, schema } = context;
      if (operation.operation === 'subscription') {
        handOver(context, document);
        return Promise.resolve({ ...response, body: { kind: 'single', singleResult: {} } });
      }
      const { executor } = graph.generationOf(schema) ?? graph.current();
      const prepared = executor.prepare(document, request.operationName);
      const explained = options.explains && request.http?.headers.get(EXPLAIN) === '1';
      return prepared.execute({ variables: request.variables ?? {}, caller: contextValue }).then((plain) => {
        const answer = explained ? withExplanation(plain, explainOperation(prepared)) : plain;
        const { errors, status } = answer;
        const data = new ReadyData(answer) as unknown as Record<string, unknown>;
        // Plugins look at errors; the data is only in the text.
        const singleResult: FormattedExecutionResult = errors.length > 0 ? { errors, data } : { data };
        if (status) response.http.status = status;
        return { ...response, body: { kind: 'single', singleResult } };
      });
    },
    ...(!options.suggests && { validationDidStart: async () => withoutSuggestions }),
  };
  // The same for every request.
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}

const DONE = Promise.resolve();

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
