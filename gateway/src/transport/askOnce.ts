import type { SubgraphClient, SubgraphResponse } from './createSubgraphClient.ts';
import { MAX_ERRORS } from './unavailableErrors.ts';

type Errors = NonNullable<SubgraphResponse['errors']>;
type Answer = Pick<SubgraphResponse, 'data' | 'errors'>;

/** How the planner declares the entities that it asks for; `_Any` is in no schema that a client sees. */
const ENTITIES = /\$representations: ?\[_Any!\]!/;

/**
 * Asks for each entity once, however often it stands in what came before: a hundred books of one author are one
 * representation, and one answer that is handed out a hundred times. @apollo/gateway sends them all.
 */
export function askOnce(call: SubgraphClient): SubgraphClient {
  return async (request, caller) => {
    const representations = request.variables?.representations;
    if (!Array.isArray(representations) || !ENTITIES.test(request.query)) return call(request, caller);
    const { distinct, positions } = distinctOf(representations);
    if (distinct.length === representations.length) return call(request, caller);
    const variables = { ...request.variables, representations: distinct };
    return handOut(await call({ ...request, variables }, caller), positions);
  };
}

/** Every representation once, and for each of them the places where it stood. */
function distinctOf(representations: unknown[]): { distinct: unknown[]; positions: number[][] } {
  const places = new Map<string, number[]>();
  for (const [at, representation] of representations.entries()) {
    const key = JSON.stringify(representation);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  }
  const positions = [...places.values()];
  return { distinct: positions.map(([first = 0]) => representations[first]), positions };
}

function handOut({ data, errors }: Answer, positions: number[][]): Answer {
  const entities = data?._entities;
  const all: unknown[] = [];
  for (const [at, places] of positions.entries()) {
    const entity = Array.isArray(entities) ? entities[at] : undefined;
    // Copies: what is done to one answer, the renaming of fields say, must not be done to it twice.
    for (const [copy, place] of places.entries()) all[place] = copy === 0 ? entity : structuredClone(entity);
  }
  return {
    // A wrong number of entities stays wrong: whoever asked has to notice.
    ...(data !== undefined && {
      data: Array.isArray(entities) ? { ...data, _entities: entities.length === positions.length ? all : [] } : data,
    }),
    ...(errors && { errors: everywhere(errors, positions) }),
  };
}

/**
 * Errors of representations that stand at several places, once for each of these, in this order: the first of them, since any number
 * of errors times any number of places is too many to be told, or to be made.
 */
export function everywhere(errors: Errors, positions: readonly (readonly number[])[]): Errors {
  const all: Errors = [];
  for (const error of errors) {
    const [field, at, ...rest] = Array.isArray(error.path) ? error.path : [];
    const places = field === '_entities' && typeof at === 'number' ? positions[at] : undefined;
    for (const place of places ?? [undefined]) {
      if (all.length === MAX_ERRORS) return all;
      all.push(place === undefined ? error : { ...error, path: ['_entities', place, ...rest] });
    }
  }
  return all;
}
