import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Answer } from '../executor/createExecutor.ts';
import { type Explanation, explainOperation } from '../explain/explainOperation.ts';
import type { Graph } from '../graph/createGraph.ts';

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

/**
 * Answers queries and mutations with the executor of the schema that they were validated against, at the point of Apollo Server's
 * pipeline where @apollo/gateway would be asked: what makes its request context would promote each request to old space.
 */
export function executeOperations(
  graph: Graph,
  { explains }: { explains: boolean },
): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    responseForOperation({ operation, document, request, contextValue, response, schema }) {
      if (operation.operation === 'subscription') return NOTHING;
      const { executor } = graph.generationOf(schema) ?? graph.current();
      const prepared = executor.prepare(document, request.operationName);
      const explained = explains && request.http?.headers.get(EXPLAIN) === '1';
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
  };
  // The same for every request: each promise costs something where traces are followed through them.
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}

/** A request with this header at 1 is told how it was executed, in `extensions.explain`; never in production. */
const EXPLAIN = 'gateway-explain';

function withExplanation(answer: Answer, explain: Explanation): Answer {
  const response: FormattedExecutionResult = JSON.parse(answer.text);
  return { ...answer, text: JSON.stringify({ ...response, extensions: { ...response.extensions, explain } }) };
}

const NOTHING = Promise.resolve(null);

/** What goes to the client: the text that is ready, or else the result as JSON with the newline that Apollo Server ends it with. */
export function stringifyResult(result: FormattedExecutionResult): string {
  return `${answerOf(result)?.text ?? JSON.stringify(result)}\n`;
}

/** The answer behind a result of the pipeline; undefined when it never came to be executed. */
export function answerOf(result: FormattedExecutionResult): Answer | undefined {
  return result.data instanceof ReadyData ? result.data.answer : undefined;
}
