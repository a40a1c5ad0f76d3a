import type { Caller } from '../../../src/context.ts';
import {
  type SubgraphClient,
  type SubgraphRequest,
  type SubgraphResponse,
  SubgraphUnavailable,
} from '../../../src/transport/createSubgraphClient.ts';
import { hashOf } from '../random.ts';
import { breakValues } from './breakValues.ts';

/** Which faults happen. */
export type FaultPlan = {
  seed: number;
  /** The share of fetches that fail somehow, 0 to 1. */
  rate: number;
  /** Faults that don't happen, though the seed says so: to find out which of them matter. */
  without: ReadonlySet<string>;
};

type Data = Record<string, unknown>;
type Kind = (
  response: SubgraphResponse,
  context: { seed: string; hash: number; allow: (detail: string) => boolean },
) => SubgraphResponse;

const refusal = { message: 'Refused by fault', extensions: { code: 'FORBIDDEN', detail: { why: ['fault', null] } } };

/** An entry per way in which a subgraph's answer can be wrong, all of which a client over HTTP lets through. */
const kinds: Record<string, Kind> = {
  'no answer': () => {
    throw new SubgraphUnavailable('nobody answered');
  },
  'errors alone': () => ({ errors: [refusal, { message: 'No code' }] }),
  'data null': () => ({ data: null, errors: [{ ...refusal, path: ['nowhere'] }] }),
  'no data, no code': () => ({ errors: [{ message: '' }] }),
  'empty data': () => ({ data: {} }),
  'errors beside data': ({ data, errors = [] }, { hash }) => ({
    data,
    errors: [...errors, ...strangeErrors(data, hash), refusal],
  }),
  'the wrong call': (response) => ({
    ...response,
    errors: [{ message: 'Cannot query', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  }),
  values: (response, { seed, allow }) => ({ ...response, data: breakValues(response.data, seed, 0.12, allow) as Data }),
  'many values': (response, { seed, allow }) => ({
    ...response,
    data: breakValues(response.data, `${seed} many`, 0.4, allow) as Data,
  }),
  entities: (response, { hash }) => {
    const entities = response.data?._entities;
    if (!Array.isArray(entities)) return response;
    const wrong: unknown[] = [
      entities.slice(1),
      [...entities, entities[0] ?? null],
      [],
      entities.toReversed(),
      entities.map(() => entities[0]),
      entities.map(() => null),
      null,
      'none',
      { ...entities },
      entities.map((entity) => ({ ...(entity as object), id: 'id-4', __typename: 'Nobody' })),
      entities.map((entity) => [entity]),
    ];
    return { ...response, data: { ...response.data, _entities: wrong[hash % wrong.length] } };
  },
};

/** A plan, and the faults of it that have happened. */
export type Failing = FaultPlan & { happened: Set<string> };

/** The same subgraph, which fails by the plan of each call: the same fetch fails in the same way, whoever sends it. */
export function failing(name: string, call: SubgraphClient, planOf: (caller: Caller) => Failing): SubgraphClient {
  return async (request, caller) => {
    const plan = planOf(caller);
    const response = await call(request, caller);
    const key = `${name} ${kindOfFetch(request)}`;
    const seed = `${plan.seed} ${key}`;
    const hash = hashOf(seed, 'fault');
    if (hash >= plan.rate * 2 ** 32) return response;
    const allow = (detail: string) => {
      const fault = `${key}: ${detail}`;
      if (plan.without.has(fault)) return false;
      plan.happened.add(fault);
      return true;
    };
    const names = Object.keys(kinds);
    const kind = names[hashOf(seed, 'kind') % names.length] as string;
    // Broken values are faults of their own, one by one.
    if (!kind.endsWith('values') && !allow(kind)) return response;
    const broken = kinds[kind]?.(response, { seed, hash: hashOf(hash, 'detail'), allow });
    // As it would come over HTTP.
    return JSON.parse(JSON.stringify(broken ?? response));
  };
}

/** Stays the same while the operation becomes smaller: the root, or the types of the entities. */
function kindOfFetch({ variables, mutation }: SubgraphRequest): string {
  const { representations } = variables ?? {};
  if (!Array.isArray(representations)) return mutation ? 'mutation' : 'root';
  return [...new Set(representations.map((entity: { __typename?: string }) => entity.__typename))].sort().join('+');
}

/** Errors with paths and extensions of every kind. */
function strangeErrors(data: SubgraphResponse['data'], hash: number): NonNullable<SubgraphResponse['errors']> {
  const [field = 'x'] = Object.keys(data ?? {});
  const all: unknown[] = [
    { message: 'At a field', path: [field], extensions: { code: 'NOT_FOUND' } },
    {
      message: 'In an entity',
      path: ['_entities', 0, 'name'],
      extensions: { code: 'FORBIDDEN', serviceName: 'other' },
    },
    { message: 'In no entity', path: ['_entities', 99, 'name', 3] },
    { message: 'Of all entities', path: ['_entities'], extensions: {} },
    { message: 'Deep', path: [field, 0, 'a', 1], locations: [{ line: 1, column: 2 }] },
    { message: 'Federation’s own code', extensions: { code: 'INVALID_GRAPHQL' } },
    { message: 'Apollo’s code', extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', stacktrace: ['x'] } },
    { message: 'Masked', extensions: { code: 'INTERNAL_SERVER_ERROR', incident: '0197a6cc' } },
    { message: 'HTTP', extensions: { code: 'FORBIDDEN', http: { status: 418 } } },
    { message: 'No list', path: 'name' },
    { message: 'No list either', path: 3, extensions: ['code'] },
    { message: 'Nothing', path: null, extensions: null },
    { message: 'A text', extensions: 'code' },
  ];
  return all.filter((_, at) => (hashOf(hash, at) & 3) === 0) as NonNullable<SubgraphResponse['errors']>;
}
