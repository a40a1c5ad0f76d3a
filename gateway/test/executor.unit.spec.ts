import { describe, expect, it } from '@jest/globals';
import { executeSync, getIntrospectionQuery, parse } from 'graphql';
import { SubgraphUnavailable } from '../src/transport/createSubgraphClient.ts';
import { type Asked, composeExecutor } from './support/composeExecutor.ts';

const graph = composeExecutor({
  items: `
    scalar Json
    type Query { items(first: Int): [Item!]! item(id: ID!): Item node: Node constructor: String }
    type Mutation { add(title: String!): Item remove(id: ID!): Boolean! }
    type Subscription { itemChanged: Item }
    interface Node { id: ID! }
    type Item implements Node @key(fields: "id") { id: ID! title: String! owner: Person state: State size: Int meta: Json }
    enum State { OPEN DONE }
    type Person implements Node @key(fields: "id") { id: ID! }
  `,
  people: `
    type Query { me: Person }
    type Mutation { rename(name: String!): Person }
    type Person @key(fields: "id") { id: ID! name: String! boss: Person tags: [[String!]]  }
    type Item @key(fields: "id") { id: ID! watchers: [Person!] }
  `,
});

const item = (id: string, owner: string | null) => ({
  __typename: 'Item',
  id,
  title: `T${id}`,
  owner: owner && { __typename: 'Person', id: owner },
});
const items = (...all: unknown[]) => ({ items: () => ({ data: { items: all } }) });
type Representation = { __typename: string; id: string };
const entities = (variables: Record<string, unknown> | undefined) => variables?.representations as Representation[];
const named = ({ variables }: { variables?: Record<string, unknown> | undefined }) => ({
  data: { _entities: entities(variables).map(({ id }) => ({ name: `N${id}` })) },
});

describe('entities', () => {
  it('are asked for once, and answered wherever they stand', async () => {
    const { data, asked } = await graph.run('{ items { id owner { id name } } }', {
      ...items(item('1', 'a'), item('2', 'b'), item('3', 'a'), item('4', null)),
      people: named,
    });
    expect(asked.at(-1)?.variables).toEqual({
      representations: [
        { __typename: 'Person', id: 'a' },
        { __typename: 'Person', id: 'b' },
      ],
    });
    expect(data.items.map(({ owner }: { owner: { name: string } }) => owner?.name ?? null)).toEqual([
      'Na',
      'Nb',
      'Na',
      null,
    ]);
  });

  it('that lack what is required are not asked for', async () => {
    const nobody = { ...item('1', 'a'), owner: { __typename: 'Person' } };
    const { asked, errors } = await graph.run('{ items { title owner { name } } }', {
      ...items(nobody),
      people: named,
    });
    expect({ asked: asked.length, errors }).toEqual({ asked: 1, errors: undefined });
  });

  it('fail at each of their places, under the names of the response', async () => {
    const { data, errors } = await graph.run('{ list: items { who: owner { n: name } } }', {
      items: () => ({
        data: { list: [item('1', 'a'), item('2', 'b'), item('3', 'a')].map(({ owner }) => ({ who: owner })) },
      }),
      people: () => ({
        data: { _entities: [null, { n: 'Nb' }] },
        errors: [{ message: 'no', path: ['_entities', 0, 'n'], extensions: { code: 'FORBIDDEN' } }],
      }),
    });
    expect(data.list.map(({ who }: { who: unknown }) => who)).toEqual([null, { n: 'Nb' }, null]);
    expect(errors).toEqual(
      [0, 2].map((at) => ({
        message: 'no',
        path: ['list', at, 'who', 'n'],
        extensions: { code: 'FORBIDDEN', serviceName: 'people' },
      })),
    );
  });

  it.each([0, 1, 3])('are not handed out when there are %d of two', async (count) => {
    const { data, errors } = await graph.run('{ items { owner { name } } }', {
      ...items(item('1', 'a'), item('2', 'b'), item('3', 'a')),
      people: () => ({ data: { _entities: Array.from({ length: count }, () => ({ name: 'X' })) } }),
    });
    expect(data.items).toEqual([{ owner: null }, { owner: null }, { owner: null }]);
    expect(errors).toEqual([{ message: 'accident: Expected "data._entities" to contain 2 elements' }]);
  });

  it('of a subgraph that is away cost their own fields, with a path for each place', async () => {
    const { data, errors } = await graph.run('{ items { id watchers { id } owner { boss { id } } } }', {
      ...items(item('1', 'a'), item('2', 'a')),
      people: () => {
        throw new SubgraphUnavailable('away');
      },
    });
    expect(data.items).toEqual([
      { id: '1', watchers: null, owner: { boss: null } },
      { id: '2', watchers: null, owner: { boss: null } },
    ]);
    const paths = errors.map(({ path }: { path: unknown[] }) => path.join('.')).sort();
    expect(paths).toEqual(['items.0.owner.boss', 'items.0.watchers', 'items.1.owner.boss', 'items.1.watchers']);
    expect(errors[0].extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', serviceName: 'people' });
  });
});

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

describe('a great many errors', () => {
  const error = { message: 'no', extensions: { code: 'FORBIDDEN' } };

  it('of one fetch cost no data, and the first are told', async () => {
    const { data, errors } = await graph.run('{ items { id owner { name } } }', {
      ...items(item('1', 'a')),
      people: () => ({ data: { _entities: [{ name: 'A' }] }, errors: Array.from({ length: 130_000 }, () => error) }),
    });
    expect(data).toEqual({ items: [{ id: '1', owner: { name: 'A' } }] });
    expect(errors).toHaveLength(20);
  });

  it('of one entity at many places are no more than of one place', async () => {
    const failing = {
      ...items(...Array.from({ length: 2_000 }, (_, at) => item(String(at), 'a'))),
      people: () => ({
        data: { _entities: [{ name: 'A' }] },
        errors: Array.from({ length: 50 }, () => ({ ...error, path: ['_entities', 0, 'name'] })),
      }),
    };
    const { data, errors } = await graph.run('{ items { owner { name } } }', failing);
    expect([data.items.length, data.items.at(-1)]).toEqual([2_000, { owner: { name: 'A' } }]);
    expect(errors.map(({ path }: { path: unknown[] }) => path[1])).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it('of an event are told as those of a fetch', async () => {
    const errors = Array.from({ length: 130_000 }, () => error);
    for (const data of [null, { itemChanged: item('1', null) }]) {
      const answer = await graph.event('subscription { itemChanged { title } }', { data, errors });
      expect(answer.errors).toHaveLength(20);
    }
  });
});

describe('an answer that stands at several places', () => {
  const badges = composeExecutor({
    items: `type Query { items: [Item!]! } type Item { owner: Person! } type Person @key(fields: "id") { id: ID! role: String }`,
    colors: `type Person @key(fields: "id") { id: ID! badge: Badge @shareable } type Badge @shareable { color: String }`,
    levels: `type Person @key(fields: "id") { id: ID! role: String @external badge: Badge @shareable @requires(fields: "role") }
      type Badge @shareable { level: String }`,
  });
  const owner = (role: string) => ({ owner: { __typename: 'Person', id: 'a', role } });

  it('is not shared where another fetch writes different things into it', async () => {
    const { data, asked } = await badges.run('{ items { owner { badge { color level } } } }', {
      items: () => ({ data: { items: [owner('x'), owner('y'), owner('x')] } }),
      async colors({ variables }) {
        return { data: { _entities: entities(variables).map(() => ({ badge: { color: 'red' } })) } };
      },
      async levels({ variables }) {
        await new Promise(setImmediate);
        const persons = entities(variables) as unknown as { role: string }[];
        return { data: { _entities: persons.map(({ role }) => ({ badge: { level: `level of ${role}` } })) } };
      },
    });
    expect(data.items.map((item: { owner: { badge: { level: string } } }) => item.owner.badge)).toEqual([
      { color: 'red', level: 'level of x' },
      { color: 'red', level: 'level of y' },
      { color: 'red', level: 'level of x' },
    ]);
    const sent = Object.fromEntries(
      asked.map(({ service, variables }: Asked) => [service, entities(variables)?.length]),
    );
    expect(sent).toEqual({ items: undefined, colors: 1, levels: 2 });
  });
});

describe('a null that must not be', () => {
  it('goes up to where one may be, and is told where no subgraph says why', async () => {
    const { data, errors, extensions } = await graph.run('{ item(id: 1) { owner { name } } items { title } }', {
      items: () => ({ data: { item: item('1', 'a'), items: [{ title: 'T' }, { title: null }] } }),
      people: () => ({ data: { _entities: [{ name: null }] } }),
    });
    expect({ data, errors }).toEqual({ data: null, errors: undefined });
    expect(extensions.valueCompletion).toEqual([
      expect.objectContaining({ path: ['item', 'owner', 'name'] }),
      expect.objectContaining({ path: ['items', 1, 'title'] }),
    ]);
  });

  it('is not told beside the errors of the subgraph', async () => {
    const { data, errors, extensions } = await graph.run('{ item(id: 1) { id owner { name } } }', {
      items: () => ({ data: { item: item('1', 'a') } }),
      people: () => ({ data: { _entities: [null] }, errors: [{ message: 'x', path: ['_entities', 0, 'name'] }] }),
    });
    expect({ data, extensions }).toEqual({ data: { item: { id: '1', owner: null } }, extensions: undefined });
    expect(errors).toHaveLength(1);
  });

  it('is looked for in lists of lists', async () => {
    const { data } = await graph.run('{ me { tags } }', {
      people: () => ({ data: { me: { tags: [['a'], null, ['b', null]] } }, errors: [{ message: 'x' }] }),
    });
    expect(data).toEqual({ me: { tags: [['a'], null, null] } });
  });
});

describe('what a subgraph answers', () => {
  it('is never taken for more than it is: unknown values and types are null', async () => {
    const odd = { ...item('1', null), state: 'NEVER', size: 'much', title: 'T' };
    const { data, extensions } = await graph.run(
      '{ node { id ... on Item { title } } item(id: 1) { id state size } }',
      {
        items: () => ({ data: { item: odd, node: { __typename: 'Alien', id: '1' } } }),
      },
    );
    expect(data).toEqual({ node: null, item: { id: '1', state: null, size: null } });
    expect(extensions.valueCompletion).toHaveLength(3);
  });

  it('can have any keys and values', async () => {
    const answer = `{"data":{"constructor":"c","__proto__":{"item":{"id":"9"}},"item":{"id":"1","title":"\\u2028 \\ud800 \\"","meta":{"__proto__":{"x":1},"toString":null}}}}`;
    const { text, data } = await graph.run(
      '{ constructor item(id: 1) { title meta toString: state __proto__: size } }',
      {
        items: () => ({ data: Object.assign(Object.create(null), JSON.parse(answer).data) }),
      },
    );
    expect(text).toBe(
      '{"data":{"constructor":"c","item":{"title":"\u2028 \\ud800 \\"","meta":{"__proto__":{"x":1},"toString":null},"toString":null,"__proto__":null}}}',
    );
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});

describe('mutations', () => {
  it('run one after the other, each once, whatever becomes of them', async () => {
    const order: string[] = [];
    const { data, asked, errors } = await graph.run(
      'mutation { one: add(title: "1") { id } two: rename(name: "2") { id } three: add(title: "3") { owner { name } } }',
      {
        async items({ query }, at) {
          order.push(`items ${at} begins`);
          await new Promise(setImmediate);
          order.push(`items ${at} ends`);
          if (query.includes('"1"')) throw new SubgraphUnavailable('away');
          return { data: { three: { owner: { __typename: 'Person', id: 7 } } } };
        },
        people(request, at) {
          order.push(`people ${at}`);
          return at === 0 ? { data: { two: 'garbage' } } : named(request);
        },
      },
    );
    expect(order).toEqual(['items 0 begins', 'items 0 ends', 'people 0', 'items 1 begins', 'items 1 ends', 'people 1']);
    expect(asked).toHaveLength(4);
    // What is garbage can't be shaped: the response says so, and nothing is sent again to find out.
    expect({ data, errors: errors.length }).toEqual({ data: undefined, errors: 1 });
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

describe('events', () => {
  const query = 'subscription { itemChanged { title owner { name } watchers { id } } }';

  it('are the root of what is fetched after them', async () => {
    const { data, errors, asked } = await graph.event(
      query,
      { data: { itemChanged: item('1', 'a') } },
      {
        people: (request) =>
          entities(request.variables)[0]?.__typename === 'Person'
            ? named(request)
            : { data: { _entities: [{ watchers: [{ id: 'w' }] }] } },
      },
    );
    expect({ data, errors, asked: asked.length }).toEqual({
      data: { itemChanged: { title: 'T1', owner: { name: 'Na' }, watchers: [{ id: 'w' }] } },
      errors: undefined,
      asked: 2,
    });
  });

  it('keep the errors that they come with', async () => {
    const refused = { message: 'no', path: ['itemChanged'], extensions: { code: 'FORBIDDEN' } };
    const extensions = { code: 'FORBIDDEN', serviceName: 'items' };
    for (const data of [{ itemChanged: null }, null]) {
      const answer = await graph.event(query, { data, errors: [refused] });
      expect(answer).toEqual({ data, errors: [{ ...refused, extensions }], asked: [] });
    }
    expect(await graph.event(query, { errors: [refused] })).toEqual({
      errors: [{ ...refused, extensions }],
      asked: [],
    });
    expect(await graph.event(query, {})).toEqual({ data: null, asked: [] });
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
