import { describe, expect, it } from '@jest/globals';
import { entities, graph, item, items, named } from '../support/itemsGraph.ts';

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
