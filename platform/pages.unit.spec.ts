import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Refusal } from './errors.ts';
import { parsePage, toConnection, writeCursor } from './pages.ts';

function refusedField(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BAD_USER_INPUT') {
      return (error.extensions.fields as { path: string[] }[])[0]?.path.join('.');
    }
    throw error;
  }
  return undefined;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('parsePage', () => {
  it.each([
    [undefined, 20],
    [null, 20],
    [1, 1],
    [100, 100],
  ])('first: %p is a page of %p', (first, limit) => {
    expect(parsePage({ first }, 'newest')).toEqual({ limit, after: null, ordering: 'newest' });
  });

  it.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses first: %p', (first) => {
    expect(refusedField(() => parsePage({ first }, 'newest'))).toBe('first');
  });

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('[1').toString('base64url')],
    ['no list', encode({ ordering: 'newest' })],
    ['an empty list', encode([])],
    ['keys that are no strings', encode(['newest', 1])],
    ['another ordering', encode(['oldest', 'a'])],
    ['an ordering named like a property of every object', encode(['__proto__', 'a'])],
    ['too much', encode(['newest', 'x'.repeat(4000)])],
  ])('refuses a cursor that holds %s', (_name, after) => {
    expect(refusedField(() => parsePage({ after }, 'newest'))).toBe('after');
  });

  it('refuses keys that the ordering cannot have', () => {
    const keys = z.tuple([z.iso.datetime(), z.uuid()]);
    const good = ['2026-11-20T09:30:00.000Z', '0196f6f0-0000-7000-8000-000000000000'];
    expect(parsePage({ after: writeCursor('newest', good) }, 'newest', keys).after).toEqual(good);
    expect(refusedField(() => parsePage({ after: writeCursor('newest', ['now', 'x']) }, 'newest', keys))).toBe('after');
    expect(refusedField(() => parsePage({ after: writeCursor('newest', good.slice(1)) }, 'newest', keys))).toBe(
      'after',
    );
  });
});

describe('toConnection', () => {
  const rows = Array.from({ length: 137 }, (_, index) => ({
    id: String(index).padStart(4, '0'),
    text: `"é\n${index}`,
  }));
  const keysOf = (row: (typeof rows)[number]) => [row.text, row.id];
  const query = (limit: number, after: string[] | null) =>
    rows.filter((row) => after === null || row.id > (after[1] as string)).slice(0, limit);

  it.each([1, 2, 20, 100])('walks a list in pages of %p without a gap or a repeat', (first) => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page = parsePage({ first, after }, 'list');
      const { nodes, edges, pageInfo } = toConnection(query(page.limit + 1, page.after), page, keysOf);
      expect(nodes.length).toBeLessThanOrEqual(first);
      expect(edges.map((edge) => edge.node)).toEqual(nodes);
      expect(pageInfo).toMatchObject({ startCursor: edges[0]?.cursor, endCursor: edges.at(-1)?.cursor });
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...nodes.map((node) => node.id));
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(seen).toEqual(rows.map((row) => row.id));
  });

  it('has no cursors when there is nothing', () => {
    expect(toConnection([], parsePage({}, 'list'), () => [])).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('has no next page when the rows fill the page exactly', () => {
    const page = parsePage({ first: 2 }, 'list');
    expect(toConnection(rows.slice(0, 2), page, keysOf).pageInfo.hasNextPage).toBe(false);
    expect(toConnection(rows.slice(0, 3), page, keysOf).pageInfo.hasNextPage).toBe(true);
  });
});
