import { describe, expect, it } from '@jest/globals';
import { createReadThrough } from './createReadThrough.ts';

type Row = { id: string; version: number };

function setUp(owned: Row[] = []) {
  const rows = new Map<string, Row>();
  const asked: string[] = [];
  const clock = { now: 1_000 };
  let down = false;
  const readThrough = createReadThrough<null, string, Row>({
    keyOf: (id) => id,
    find: async (_db, ids) => ids.map((id) => rows.get(id) ?? null),
    ask: async (id) => {
      asked.push(id);
      if (down) throw new Error('down');
      return owned.find((row) => row.id === id) ?? null;
    },
    keep: async (_db, row) => rows.set(row.id, row),
    now: () => clock.now,
  });
  return {
    rows,
    asked,
    clock,
    owned,
    goDown: () => {
      down = true;
    },
    load: (ids: string[], believe?: (row: Row) => boolean) => readThrough.load(null, ids, believe),
  };
}

describe('createReadThrough', () => {
  it('asks the owner only for what the projection lacks, and keeps the answer', async () => {
    const { rows, asked, load } = setUp([{ id: 'b', version: 3 }]);
    rows.set('a', { id: 'a', version: 1 });
    expect(await load(['b', 'a', 'b'])).toEqual([
      { id: 'b', version: 3 },
      { id: 'a', version: 1 },
      { id: 'b', version: 3 },
    ]);
    await load(['b']);
    expect(asked).toEqual(['b']);
  });

  it('shares one call between concurrent questions', async () => {
    const { asked, load } = setUp([{ id: 'a', version: 1 }]);
    await Promise.all([load(['a']), load(['a']), load(['a'])]);
    expect(asked).toEqual(['a']);
  });

  it('remembers a miss for two seconds, and no longer', async () => {
    const { asked, clock, owned, load } = setUp();
    expect(await load(['a'])).toEqual([null]);
    clock.now += 1_999;
    owned.push({ id: 'a', version: 1 });
    expect(await load(['a'])).toEqual([null]);
    clock.now += 1;
    expect(await load(['a'])).toEqual([{ id: 'a', version: 1 }]);
    expect(asked).toEqual(['a', 'a']);
  });

  it('keeps no failure: the next question asks again', async () => {
    const { asked, goDown, load } = setUp();
    goDown();
    await expect(load(['a'])).rejects.toThrow('down');
    await expect(load(['a'])).rejects.toThrow('down');
    expect(asked).toEqual(['a', 'a']);
  });

  it('confirms with the owner what is not believed, and falls back to it when the owner has nothing', async () => {
    const { rows, load } = setUp([{ id: 'a', version: 5 }]);
    rows.set('a', { id: 'a', version: 4 });
    rows.set('b', { id: 'b', version: 4 });
    const believe = (row: Row) => row.version > 4;
    expect(await load(['a', 'b'], believe)).toEqual([
      { id: 'a', version: 5 },
      { id: 'b', version: 4 },
    ]);
  });
});
