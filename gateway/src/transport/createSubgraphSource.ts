import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { resumeTrace } from '#platform/telemetry/trace.ts';
import type { GatewayContext } from '../context.ts';
import { type SubgraphClient, type SubgraphResponse, SubgraphUnavailable } from './createSubgraphClient.ts';
import { compileUnavailableErrors, MAX_ERRORS } from './unavailableErrors.ts';

/**
 * Codes with which a subgraph refuses the gateway's call, not the client's wish. The client didn't write that call, so
 * these are faults of ours: they lose their code, and are masked and logged like any other unexpected error.
 */
const OURS = new Set([
  'BAD_REQUEST',
  'CALL_REFUSED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_LARGE',
  'PAYLOAD_TOO_LARGE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** A subgraph as @apollo/gateway sees it. A subgraph that is away costs its own fields, never the whole response. */
export function createSubgraphSource(
  name: string,
  call: SubgraphClient,
  log: Logger,
): GraphQLDataSource<GatewayContext> {
  return {
    async process(options) {
      const { query = '', variables, operationName } = options.request;
      const mutation = options.kind === 'incoming operation' && isMutation(options.incomingRequestContext);
      const { viewer = null, clientAddress = null, userAgent, trace, deadline } = options.context as Deadlined;
      try {
        const request = { query, variables, operationName, mutation, deadline };
        const response = await resumeTrace(trace, () => call(request, { viewer, clientAddress, userAgent, trace }));
        return {
          data: response.data ?? undefined,
          errors: toGraphQLErrors(response.errors, name),
        } as Answer;
      } catch (error) {
        if (!(error instanceof SubgraphUnavailable)) throw error;
        resumeTrace(trace, () => log.warn({ err: error, subgraph: name }, error.message));
        const message = `The service "${name}" is not available at the moment.`;
        const errors = compileUnavailableErrors(query)(variables?.representations, message);
        return { errors: errors.map((lost) => toGraphQLError(lost, name)) } as unknown as Answer;
      }
    },
  };
}

/** What an executor hands on beside the caller. */
type Deadlined = Partial<GatewayContext> & { deadline?: number };

type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;

function isMutation(context: { operation?: { operation: string } }): boolean {
  return context.operation?.operation === 'mutation';
}

/** Errors become GraphQLErrors: that, beside its code, is how the formatter tells a refusal from an accident. */
export function toGraphQLError({ message, path, extensions }: SubgraphError, serviceName: string): GraphQLError {
  // Some servers write `extensions: null`, and nobody has checked either: what isn't what it should be is not there.
  const given = typeof extensions === 'object' && extensions !== null && !Array.isArray(extensions) ? extensions : {};
  // In `http` Apollo Server looks for the status of the whole response: not for a subgraph to say.
  const { http: _, ...said } = given as Record<string, unknown>;
  const { code } = said;
  const ours = typeof code === 'string' && OURS.has(code);
  const kept = { ...said, serviceName };
  return new GraphQLError(message, {
    path: Array.isArray(path) ? path : null,
    extensions: ours ? { ...kept, code: 'INTERNAL_SERVER_ERROR', refusedWith: code } : kept,
  });
}

/** The first of a subgraph's errors, of which there can be any number. */
export function toGraphQLErrors(errors: SubgraphResponse['errors'], serviceName: string): GraphQLError[] | undefined {
  return errors?.slice(0, MAX_ERRORS).map((error) => toGraphQLError(error, serviceName));
}

type SubgraphError = NonNullable<SubgraphResponse['errors']>[number];
