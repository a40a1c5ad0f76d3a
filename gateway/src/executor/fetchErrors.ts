import type { ResponsePath } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { everywhere } from '../transport/askOnce.ts';
import type { SubgraphResponse } from '../transport/createSubgraphClient.ts';
import { toGraphQLError } from '../transport/createSubgraphSource.ts';
import { MAX_ERRORS } from '../transport/unavailableErrors.ts';
import { placesAt } from './collectTargets.ts';
import type { JsonObject } from './mergeAnswer.ts';

type SubgraphErrors = NonNullable<SubgraphResponse['errors']>;

/** The fetch whose errors these are. */
export type FailedFetch = {
  serviceName: string;
  path: ResponsePath;
  /** The response so far. */
  data: JsonObject;
  /** For each entity in the response the number of its representation; undefined when the fetch asked for no entities. */
  numbers: readonly number[] | undefined;
  /** How many different representations were sent. */
  count: number;
};

/**
 * What a subgraph says went wrong, as errors of the response: with its name, a code, and the path from the root of the response. An
 * error of an entity is told of every place where that entity stands, up to MAX_ERRORS of them all.
 */
export function fetchErrors(errors: SubgraphErrors, fetch: FailedFetch): GraphQLError[] {
  let places: (string | number)[][] | undefined;

  function pathOf(path: readonly (string | number)[] | undefined): (string | number)[] | undefined {
    const at = path?.[1];
    if (!fetch.numbers || typeof at !== 'number') return path ? [...fetch.path, ...path.slice()] : undefined;
    places ??= placesAt(fetch.data, fetch.path);
    return [...(places[at] ?? []), ...(path?.slice(2) ?? [])];
  }

  return firstErrors(errors, fetch)
    .map((error) => toGraphQLError(error, fetch.serviceName))
    .map((error) => {
      const { serviceName } = fetch;
      const code = error.extensions.code || 'DOWNSTREAM_SERVICE_ERROR';
      return new GraphQLError(error.message || `Error while fetching subquery from service "${serviceName}"`, {
        originalError: error,
        path: pathOf(error.path) ?? null,
        extensions: { ...error.extensions, serviceName, code },
      });
    });
}

/** The first errors of those that are told: of representations that stand for several entities, once for each of these. */
function firstErrors(errors: SubgraphErrors, { numbers, count }: FailedFetch): SubgraphErrors {
  if (!numbers || numbers.length === count) return errors.slice(0, MAX_ERRORS);
  const places: number[][] = Array.from({ length: count }, () => []);
  for (const [place, number] of numbers.entries()) places[number]?.push(place);
  return everywhere(errors, places);
}
