import { createHash } from 'node:crypto';
import type { FetchNode } from '@apollo/query-planner';
import type { ApolloServer } from '@apollo/server';
import { type GraphQLFormattedError, print } from 'graphql';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { AcceptedSubscription, Caller, GatewayContext } from '../context.ts';
import type { PreparedOperation } from '../executor/createExecutor.ts';
import type { Generation, Graph } from '../graph/createGraph.ts';
import { answerOf } from '../server/executeOperations.ts';
import { refuseConditionalRoot } from '../server/refuseConditionalRoot.ts';
import type { StreamRequest } from './createStreams.ts';
import { type ResumableOperation, resumableOperation } from './resumableOperation.ts';

/** Ends an operation with these errors, and nothing else. */
export class OperationFailed extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('the operation failed');
    this.errors = errors;
  }
}

/** What a client sends as an operation. */
export type OperationPayload = {
  query?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
};

/** A subscription that waits to be listened to, or the answer of a query or mutation: the JSON of a whole response. */
export type RunningOperation = { kind: 'stream'; request: StreamRequest } | { kind: 'answer'; text: string };

/**
 * Runs an operation through the whole of Apollo Server's pipeline, as over HTTP.
 * @throws OperationFailed when it wasn't executed: what doesn't parse, isn't valid, or has variables that don't fit
 */
export type Operations = (payload: OperationPayload, context: GatewayContext) => Promise<RunningOperation>;

/** What the transports that carry subscriptions have in common. */
export function createOperations(options: { apollo: ApolloServer<GatewayContext>; graph: Graph }): Operations {
  const { apollo, graph } = options;
  const known = new WeakMap<PreparedOperation, { resumable: ResumableOperation | undefined; operationKey: string }>();

  /** What is worked out once for each operation. */
  function detailsOf(prepared: PreparedOperation, primary: FetchNode, accepted: AcceptedSubscription, of: Generation) {
    const { document, operationName } = accepted;
    const found = known.get(prepared) ?? {
      resumable: of.resumable.size > 0 ? resumableOperation(primary, of.resumable) : undefined,
      // By its text: the same text may have been parsed twice, when it came twice at once.
      operationKey: createHash('sha256')
        .update(JSON.stringify([document.loc?.source.body ?? print(document), operationName]))
        .digest('base64'),
    };
    known.set(prepared, found);
    return found;
  }

  function streamOf(accepted: AcceptedSubscription, caller: Caller): StreamRequest {
    const generation = graph.generationOf(accepted.schema) ?? graph.current();
    const prepared = generation.executor.prepare(accepted.document, accepted.operationName);
    const { variables } = accepted;
    const refused = prepared.refuse({ variables, caller });
    if (refused) throw new OperationFailed(refused.errors);
    const { primary } = prepared;
    const upstream = generation.subgraphs.get(primary?.serviceName ?? '')?.upstream;
    if (!primary || !upstream) throw new Error('a subscription was planned without an owner');
    const details = detailsOf(prepared, primary, accepted, generation);
    return { prepared, primary, ...details, generation, variables, caller, upstream };
  }

  return async (payload, context) => {
    refuseConditionalRoot(payload);
    let accepted: AcceptedSubscription | undefined;
    const contextValue: GatewayContext = {
      ...context,
      accept(subscription) {
        accepted = subscription;
      },
    };
    const { query, variables, operationName, extensions } = payload;
    const given = {
      ...(query && { query }),
      ...(variables && { variables }),
      ...(operationName && { operationName }),
      ...(extensions && { extensions }),
    };
    const { body } = await apollo.executeOperation(given, { contextValue });
    if (accepted) {
      const { viewer, clientAddress, userAgent, trace } = context;
      const subscription = accepted;
      const request = resumeTrace(trace, () => streamOf(subscription, { viewer, clientAddress, userAgent, trace }));
      return { kind: 'stream', request };
    }
    if (body.kind !== 'single') throw new Error('incremental delivery is not supported');
    const { singleResult } = body;
    const answer = answerOf(singleResult);
    if (answer && !answer.status) return { kind: 'answer', text: answer.text };
    throw new OperationFailed(singleResult.errors ?? []);
  };
}
