import { describe, expect, it } from '@jest/globals';
import { executeSync, getIntrospectionQuery, parse } from 'graphql';
import { composeExecutor } from '../support/composeExecutor.ts';
import { graph, item, items } from '../support/itemsGraph.ts';

describe('an operation that asks for the schema alone', () => {
  it('is answered by graphql-js, also where the planner knows less', async () => {
    const query = getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, specifiedByUrl: true });
    const { data, errors, asked } = await graph.run(query, {});
    expect({ errors, asked }).toEqual({ errors: undefined, asked: [] });
    expect(data).toEqual(
      JSON.parse(JSON.stringify(executeSync({ schema: graph.schema, document: parse(query) }).data)),
    );
  });

  it('may come with fragments, aliases, conditions and variables, which are checked', async () => {
    const query = `query Q($name: String!, $no: Boolean = true) { ...F t: __typename @skip(if: $no) }
      fragment F on Query { a: __type(name: $name) { isOneOf } ... { __typename } }`;
    expect(await graph.run(query, {}, { name: 'Item' })).toMatchObject({
      text: '{"data":{"a":{"isOneOf":null},"__typename":"Query"}}',
    });
    const refused = await graph.run(query, {}, { name: 1 });
    expect([refused.status, refused.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    const undecided = await graph.run(query, {}, { name: 'Item', no: null });
    expect([undecided.status, undecided.text]).toEqual([
      500,
      '{"errors":[{"message":"accident: introspection failed"}]}',
    ]);
    expect((await graph.run('mutation { __typename }', {})).text).toBe('{"data":{"__typename":"Mutation"}}');
  });
});

describe('introspection', () => {
  it('is answered beside what is fetched', async () => {
    const { data } = await graph.run(
      'query($name: String!) { __type(name: $name) { kind } me { id } __typename }',
      {
        people: () => ({ data: { me: { id: '1' } } }),
      },
      { name: 'Person' },
    );
    expect(data).toEqual({ __type: { kind: 'OBJECT' }, me: { id: '1' }, __typename: 'Query' });
  });
});

describe('conditions', () => {
  const query =
    'query($all: Boolean!, $no: Boolean = true) { me { id name @include(if: $all) boss @skip(if: $no) { id } } }';
  const people = () => ({ data: { me: { id: '1', name: 'N', boss: { id: '2' } } } });

  it.each([
    [
      { all: true, no: false },
      { id: '1', name: 'N', boss: { id: '2' } },
    ],
    [{ all: false }, { id: '1' }],
    [{ all: true }, { id: '1', name: 'N' }],
  ])('%j', async (variables, me) => {
    expect((await graph.run(query, { people }, variables)).data).toEqual({ me });
  });

  it('leave out what is fetched for them alone', async () => {
    const { asked } = await graph.run(
      'query($who: Boolean!) { items { id owner @include(if: $who) { name } } }',
      items(item('1', 'a')),
      { who: false },
    );
    expect(asked).toHaveLength(1);
  });
});

describe('variables', () => {
  it('go out as they came in, those that a fetch uses', async () => {
    const query = 'query($id: ID!, $first: Int) { item(id: $id) { id } items(first: $first) { id } }';
    const answers = { items: () => ({ data: { item: null, items: [] } }) };
    expect((await graph.run(query, answers, { id: 7, other: 1 })).asked[0]?.variables).toEqual({ id: 7 });
    expect((await graph.run(query, answers, { id: 'é"', first: null })).asked[0]?.variables).toEqual({
      id: 'é"',
      first: null,
    });
  });

  it.each([
    [{}, 'Variable "$id" of required type "ID!" was not provided.'],
    [{ id: null }, 'Variable "$id" of non-null type "ID!" must not be null.'],
    [{ id: {} }, 'Variable "$id" got invalid value {}; ID cannot represent value: {}'],
    [
      { id: 1, first: 2 ** 31 },
      'Variable "$first" got invalid value 2147483648; Int cannot represent non 32-bit signed integer value: 2147483648',
    ],
  ])('%j are refused before anything is fetched', async (variables, message) => {
    const query = 'query($id: ID!, $first: Int) { item(id: $id) { id } items(first: $first) { id } }';
    const { errors, asked, status, data } = await graph.run(query, {}, variables);
    expect({ message: errors[0].message, asked, status, data }).toEqual({
      message,
      asked: [],
      status: 400,
      data: undefined,
    });
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a request', () => {
  it('is over when its time is, whatever is still to be fetched', async () => {
    const slow = composeExecutor({ items: 'type Query { item: String }' }, { totalTimeoutMs: 50 });
    let deadline = 0;
    await slow.run('{ item }', {
      items(request) {
        deadline = (request.deadline ?? 0) - performance.now();
        return { data: { item: 'x' } };
      },
    });
    expect(deadline).toBeGreaterThan(0);
    expect(deadline).toBeLessThanOrEqual(50);
  });
});

describe('what is not compiled', () => {
  it('runs all the same, and is counted by its reason', async () => {
    const variables = ['a', 'b', 'c', 'd', 'e', 'f'];
    const query = `query(${variables.map((name) => `$${name}: Boolean!`).join(' ')}) {
      me { id ${variables.map((name) => `${name}: id @include(if: $${name})`).join(' ')} } }`;
    const prepared = graph.prepare(query);
    expect(prepared).toMatchObject({ compiled: false, reason: 'conditions' });
    await expect(graph.run(query, {})).rejects.toThrow('not compiled: conditions');
    const { text } = await prepared.execute({
      variables: Object.fromEntries(variables.map((name) => [name, false])),
      caller: { viewer: null, clientAddress: null },
    });
    expect(JSON.parse(text)).toHaveProperty('data');
    expect(await graph.metrics.registry.metrics()).toContain(
      'gateway_operations_uncompiled_total{reason="conditions",service="test"} 1',
    );
  });
});
