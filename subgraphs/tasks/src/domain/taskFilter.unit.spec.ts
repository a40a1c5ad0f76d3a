import { describe, expect, it } from '@jest/globals';
import type { TaskFilter } from '../generated/resolvers.ts';
import { parseTaskFilter } from './taskFilter.ts';

const me = '0196f6f0-0000-7000-8000-000000000001';
const other = '0196f6f0-0000-7000-8000-00000000000a';
const parse = (filter: TaskFilter) => parseTaskFilter(filter, me);

describe('a filter', () => {
  it('is a condition, with the viewer for me, ids as Postgres prints them and instants as texts', () => {
    expect(parse({ assigneeId: { in: ['me', other.toUpperCase()] } })).toEqual({
      ...{ is: 'compare', field: 'assigneeId', operator: 'in', value: [me, other] },
    });
    expect(parse({ createdAt: { gte: new Date('2026-11-20T09:00:00Z') } })).toEqual({
      ...{ is: 'compare', field: 'createdAt', operator: 'gte', value: '2026-11-20T09:00:00.000Z' },
    });
  });

  it('means all of its fields, and all comparisons of a field', () => {
    expect(parse({ overdue: false, number: { gt: 1, lt: 9 }, or: [{ overdue: true }, {}] })).toEqual({
      is: 'all',
      of: [
        { is: 'not', of: { is: 'overdue' } },
        { is: 'compare', field: 'number', operator: 'gt', value: 1 },
        { is: 'compare', field: 'number', operator: 'lt', value: 9 },
        { is: 'any', of: [{ is: 'overdue' }, { is: 'all', of: [] }] },
      ],
    });
  });

  it.each(['P7D', 'P2W', 'P1M', 'P1Y6M', 'P1Y2M3W4D', 'P0D'])('takes a duration of whole days: %s', (within) => {
    expect(parse({ due: { within } })).toMatchObject({ operator: 'within', value: within });
  });

  it.each(['', 'P', '7D', 'P7', 'P-7D', 'P7.5D', 'PT24H', 'P7DT1H', 'P1D1W', 'p7d', 'P999999D', 'P1D\n'])(
    'takes no other: %s',
    (within) => {
      expect(() => parse({ due: { within } })).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    },
  );

  it('may have a range of one value', () => {
    expect(() => parse({ estimate: { gte: 3, lte: 3 } })).not.toThrow();
    expect(() => parse({ priority: { gte: 'HIGH', lt: 'URGENT' } })).not.toThrow();
  });

  it('counts each value of each list, wherever it is', () => {
    const ids = (count: number) => ({ id: { in: Array.from({ length: count }, () => other) } });
    expect(() => parse({ and: [ids(100), { not: ids(100) }] })).not.toThrow();
    expect(() => parse({ and: [ids(100), { not: ids(100) }, { overdue: true }] })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
    // A list of nothing is a comparison, too.
    expect(() => parse({ or: Array.from({ length: 201 }, () => ids(0)) })).toThrow();
  });
});
