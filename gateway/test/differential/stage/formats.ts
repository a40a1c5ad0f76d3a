import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { createErrorFormatter, type FormatError, formatGatewayErrors } from '../../../src/server/formatError.ts';

/** A way to show errors: for Apollo Server, and for the executor. */
type Format = {
  apollo: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  executor: FormatError;
};

export const silent = pino({ level: 'silent' });

/** As clients see them. Each unexpected error has an incident of its own, which the texts are compared without. */
export const masked: Format = { apollo: formatGatewayErrors(silent), executor: createErrorFormatter(silent) };

/** With what would be masked, so that more can be compared. What the program itself has thrown has no message here. */
export const open: Format = { apollo: (_, error) => show(error), executor: show };

function show(error: unknown): GraphQLFormattedError {
  const known = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
  const { message, path, locations, extensions } = { extensions: {}, ...known.toJSON() };
  const { http: _, ...kept } = extensions as Record<string, unknown>;
  const cause = known.originalError ?? known;
  const accident = !(cause instanceof GraphQLError) && cause.name !== 'GraphQLError';
  return {
    message: accident ? 'An accident' : message,
    ...(path && { path }),
    ...(locations && { locations }),
    extensions: { ...kept, code: kept.code ?? 'INTERNAL_SERVER_ERROR' },
  };
}

/** The text without what is different each time. */
export function withoutIncidents(text: string): string {
  return text.replace(/"incident":"[0-9a-f-]{36}"/g, '"incident":"…"');
}
