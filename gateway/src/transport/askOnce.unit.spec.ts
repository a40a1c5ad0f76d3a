import { expect, it } from '@jest/globals';
import { askOnce } from './askOnce.ts';
import type { SubgraphRequest, SubgraphResponse } from './createSubgraphClient.ts';

const query = 'query($representations:[_Any!]!){_entities(representations:$representations){...on User{name}}}';
const user = (id: string) => ({ __typename: 'User', id });
const caller = { viewer: null, clientAddress: null };

/** Asks for these; returns what the subgraph was asked, and what the gateway gets. */
async function ask(request: Partial<SubgraphRequest>, answer: (variables: SubgraphRequest['variables']) => unknown) {
  const asked: SubgraphRequest['variables'][] = [];
  const call = askOnce(async ({ variables }) => {
    asked.push(variables);
    return answer(variables) as SubgraphResponse;
  });
  return { asked, answer: await call({ query, mutation: false, ...request }, caller) };
}

it('asks for each entity once, and hands its answer out wherever it stood', async () => {
  const representations = [user('a'), user('b'), user('a'), user('a'), user('c')];
  const { asked, answer } = await ask({ variables: { representations, first: 3 } }, () => ({
    data: { _entities: [{ name: 'A' }, null, { name: 'C' }] },
    errors: [{ message: 'gone', path: ['_entities', 1, 'name'] }, { message: 'of nobody' }],
  }));
  expect(asked).toEqual([{ representations: [user('a'), user('b'), user('c')], first: 3 }]);
  const entities = answer.data?._entities as unknown[];
  expect(entities).toEqual([{ name: 'A' }, null, { name: 'A' }, { name: 'A' }, { name: 'C' }]);
  expect(entities[0]).not.toBe(entities[2]);
  expect(answer.errors).toEqual([{ message: 'gone', path: ['_entities', 1, 'name'] }, { message: 'of nobody' }]);
});

it('says of every place that it has failed', async () => {
  const variables = { representations: [user('a'), user('b'), user('b')] };
  const error = { message: 'no', path: ['_entities', 1, 'name'], extensions: { code: 'FORBIDDEN' } };
  const { answer } = await ask({ variables }, () => ({ data: { _entities: [{ name: 'A' }, null] }, errors: [error] }));
  expect(answer.data).toEqual({ _entities: [{ name: 'A' }, null, null] });
  expect(answer.errors?.map(({ path }) => path)).toEqual([
    ['_entities', 1, 'name'],
    ['_entities', 2, 'name'],
  ]);
});

it('hands on what is no list of entities as it came', async () => {
  const variables = { representations: [user('a'), user('a')] };
  for (const answer of [{ data: null, errors: [{ message: 'no' }] }, { errors: [{ message: 'no' }] }, { data: {} }]) {
    expect((await ask({ variables }, () => answer)).answer).toEqual(answer);
  }
});

it('leaves alone what a client calls representations', async () => {
  const request = { query: 'query($representations:[String!]!){sum(of:$representations)}' };
  const variables = { representations: ['a', 'a'] };
  const { asked } = await ask({ ...request, variables }, () => ({ data: { sum: 2 } }));
  expect(asked).toEqual([variables]);
});

it('says no more of many errors at many places than somebody can read', async () => {
  const variables = { representations: Array.from({ length: 2_000 }, () => user('a')) };
  const errors = Array.from({ length: 50 }, (_, at) => ({ message: `no ${at}`, path: ['_entities', 0, 'name'] }));
  const { answer } = await ask({ variables }, () => ({ data: { _entities: [{ name: 'A' }] }, errors }));
  expect(answer.errors).toEqual(
    Array.from({ length: 20 }, (_, at) => ({ message: 'no 0', path: ['_entities', at, 'name'] })),
  );
});
