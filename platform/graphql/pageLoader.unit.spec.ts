import { describe, expect, it } from '@jest/globals';
import type { Page } from '../pages.ts';
import { inOrder } from './inOrder.ts';
import { pageLoader } from './pageLoader.ts';
import { referenceId } from './referenceId.ts';

const page = (limit: number, after: string[] | null = null): Page => ({ limit, after, ordering: 'rows' });

function loading() {
  const asked: [string[], number][] = [];
  const loader = pageLoader(
    async (parents, { limit }) => {
      asked.push([parents, limit]);
      // Not grouped by parent: the database gives all rows in one order.
      return Array.from({ length: limit }, (_, n) => parents.map((parent) => ({ parent, n }))).flat();
    },
    (row) => row.parent,
  );
  return { asked, loader };
}

describe('pageLoader', () => {
  it('asks once for all parents that want the same page, and gives each its own rows in their order', async () => {
    const { asked, loader } = loading();
    const lists = await Promise.all(['a', 'b', 'a'].map((parentId) => loader.load({ parentId, page: page(2) })));
    expect(lists).toEqual(['a', 'b', 'a'].map((parent) => [0, 1].map((n) => ({ parent, n }))));
    expect(asked).toEqual([[['a', 'b'], 2]]);
  });

  it('asks once for each page', async () => {
    const { asked, loader } = loading();
    await Promise.all([
      loader.load({ parentId: 'a', page: page(1) }),
      loader.load({ parentId: 'a', page: page(2) }),
      loader.load({ parentId: 'b', page: page(2) }),
      loader.load({ parentId: 'b', page: page(2, ['x']) }),
    ]);
    expect(asked).toEqual([
      [['a'], 1],
      [['a', 'b'], 2],
      [['b'], 2],
    ]);
  });

  it('gives a parent without rows an empty list', async () => {
    const loader = pageLoader<{ parent: string }>(
      async () => [],
      (row) => row.parent,
    );
    expect(await loader.load({ parentId: 'a', page: page(2) })).toEqual([]);
  });
});

describe('inOrder', () => {
  it('has the rows in the order of the ids, and null where there is none', () => {
    const [one, two] = [{ id: '1' }, { id: '2' }];
    expect(inOrder(['2', '3', '1', '2'], [one, two])).toEqual([two, null, one, two]);
  });
});

describe('referenceId', () => {
  it('is the id in lower case, and null for what is none', () => {
    const id = '019AB000-0000-7000-8000-000000000001';
    expect(referenceId({ id })).toBe(id.toLowerCase());
    for (const other of ['', 'x', `${id} `, null, 7]) expect(referenceId({ id: other as string })).toBeNull();
  });
});
