import { describe, expect, it } from '@jest/globals';
import { type OrderColumn, type OrderKey, parseTaskOrder, reversed } from './taskOrder.ts';

const key = (column: OrderColumn, descending: boolean, nulls: OrderKey['nulls'] = null) => ({
  ...{ column, descending, nulls },
});

describe('an order', () => {
  it('is the newest first unless given', () => {
    expect(parseTaskOrder([], 'project')).toEqual([key('number', true)]);
    expect(parseTaskOrder([], 'workspace')).toEqual([key('createdAt', true), key('id', true)]);
  });

  it('ends with the id, the way its last key goes', () => {
    const order = [{ field: 'TITLE', direction: 'ASC' } as const, { field: 'STATUS', direction: 'DESC' } as const];
    expect(parseTaskOrder(order, 'project')).toEqual([key('title', false), key('status', true), key('id', true)]);
  });

  it('has those without a value last, unless they are to be first', () => {
    const by = (nulls: 'FIRST' | 'LAST' | null) =>
      parseTaskOrder([{ field: 'ESTIMATE', direction: 'DESC', nulls }], 'project')[0];
    expect(by(null)).toEqual(key('estimate', true, 'last'));
    expect(by('LAST')).toEqual(key('estimate', true, 'last'));
    expect(by('FIRST')).toEqual(key('estimate', true, 'first'));
  });

  it('of a date has the instants before the day that they are in, and turned round after it', () => {
    const by = (direction: 'ASC' | 'DESC') => parseTaskOrder([{ field: 'DUE', direction }], 'project');
    expect(by('ASC')).toEqual([key('dueOn', false, 'last'), key('dueAt', false, 'last'), key('id', false)]);
    expect(by('DESC')).toEqual([key('dueOn', true, 'last'), key('dueAt', true, 'first'), key('id', true)]);
  });

  it('from its end is all turned round', () => {
    expect(reversed([key('dueOn', false, 'last'), key('id', true)])).toEqual([
      key('dueOn', true, 'first'),
      key('id', false),
    ]);
  });
});
