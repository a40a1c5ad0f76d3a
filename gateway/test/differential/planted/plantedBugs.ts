import { Kind, visit } from 'graphql';
import type { Case, Outcome, Run, Stage } from '../stage/createStage.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Response = {
  data?: Json;
  errors?: { path?: (string | number)[] }[];
  extensions?: { valueCompletion?: { path: (string | number)[] }[] };
};

/** Something that an executor may get wrong, done to a right answer. */
type Bug = (response: Response, run: Case) => Response;

const map = (value: Json | undefined, change: (object: { [key: string]: Json }) => { [key: string]: Json }): Json => {
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
  if (Array.isArray(value)) return value.map((item) => map(item, change));
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, change)])));
};

const inData = (response: Response, change: Parameters<typeof map>[1]): Response =>
  'data' in response ? { ...response, data: map(response.data, change) } : response;

/** Executors that are wrong in one way each, by what is wrong with them. */
export const bugs: Record<string, Bug> = {
  'drops an alias': (response, { document }) => {
    const aliases = new Map<string, string>();
    visit(document, {
      enter(node) {
        if (node.kind === Kind.FIELD && node.alias) aliases.set(node.alias.value, node.name.value);
      },
    });
    return inData(response, (object) =>
      Object.fromEntries(Object.entries(object).map(([key, value]) => [aliases.get(key) ?? key, value])),
    );
  },
  'drops an error': ({ errors, ...rest }) => {
    const kept = errors?.slice(1) ?? [];
    return kept.length > 0 ? { errors: kept, ...rest } : rest;
  },
  'tells an error twice': (response) =>
    response.errors ? { ...response, errors: [...response.errors, ...response.errors.slice(-1)] } : response,
  'loses the path of an error in a list': (response) =>
    response.errors
      ? {
          ...response,
          errors: response.errors.map((error) => ({
            ...error,
            ...(error.path && { path: error.path.filter((key) => typeof key === 'string') }),
          })),
        }
      : response,
  'reorders keys': (response) => inData(response, (object) => Object.fromEntries(Object.entries(object).reverse())),
  'forgets null propagation': (response) => {
    const [first] = response.extensions?.valueCompletion ?? [];
    return first ? { ...response, data: fill(response.data ?? null, first.path) } : response;
  },
  'ignores @skip and @include': (response, { document }) => {
    const conditional = new Set<string>();
    visit(document, {
      enter(node) {
        if (node.kind === Kind.FIELD && node.directives?.length && !node.selectionSet) {
          conditional.add(node.alias?.value ?? node.name.value);
        }
      },
    });
    return inData(response, (object) => ({
      ...object,
      ...Object.fromEntries([...conditional].filter((key) => !(key in object)).map((key) => [key, null])),
    }));
  },
  'forgets the abstract type': (response) =>
    inData(response, ({ __typename, ...object }) =>
      __typename === undefined ? object : { __typename: 'Node', ...object },
    ),
};

/** Puts an object with a null where nulls have been propagated from a path. */
function fill(data: Json, path: (string | number)[]): Json {
  const [key, ...rest] = path;
  if (key === undefined) return data;
  if (data === null) return typeof key === 'string' ? { [key]: null } : data;
  if (Array.isArray(data)) return data.map((item, at) => (at === key ? fill(item, rest) : item));
  if (typeof data !== 'object') return data;
  return { ...data, [key]: fill(data[key] ?? null, rest) };
}

/** The answer of @apollo/gateway with a bug planted into it. */
export function withBug({ reference }: Pick<Stage, 'reference'>, bug: Bug): Run {
  return async (run): Promise<Outcome> => {
    const outcome = await reference(run);
    return { ...outcome, text: JSON.stringify(bug(JSON.parse(outcome.text), run)) };
  };
}
