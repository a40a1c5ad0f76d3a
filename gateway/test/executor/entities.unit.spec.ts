import { describe, expect, it } from '@jest/globals';
import { SubgraphUnavailable } from '../../src/transport/createSubgraphClient.ts';
import { type Asked, composeExecutor } from '../support/composeExecutor.ts';
import { entities, graph, item, items, named } from '../support/itemsGraph.ts';

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
