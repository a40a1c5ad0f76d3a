import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { formatErrors } from '#platform/errors.ts';

/** Turns whatever was thrown into what a client may see; what is unexpected is logged here, once. */
export type FormatError = (error: unknown) => GraphQLFormattedError;

/** Apollo Server's `formatError`. A masked error says, as any other, which subgraph it is of. */
export function formatGatewayErrors(log: Pick<Logger, 'error'>): ReturnType<typeof formatErrors> {
  const format = formatErrors(log);
  return (formatted, error) => {
    const told = format(formatted, error);
    const serviceName = formatted.extensions?.serviceName;
    return serviceName === undefined ? told : { ...told, extensions: { ...told.extensions, serviceName } };
  };
}

/** The same formatting as Apollo Server's, for errors that arise outside of its pipeline. */
export function createErrorFormatter(log: Pick<Logger, 'error'>): FormatError {
  const format = formatGatewayErrors(log);
  return (error) => {
    const known =
      error instanceof GraphQLError
        ? error
        : new GraphQLError('unexpected', { originalError: error instanceof Error ? error : new Error(String(error)) });
    const { http: _, ...extensions } = known.extensions;
    return format({ ...known.toJSON(), extensions }, known);
  };
}
