import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { matchesChecksum } from './migrationFiles.ts';
import { compareMigrations, type MigrationRecord } from './migrationTable.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (name: string, script = `-- ${name}`) => ({ name, script, checksum: sha256(script) });
const record = (name: string, changes: Partial<MigrationRecord> = {}): MigrationRecord => ({
  name,
  checksum: sha256(`-- ${name}`),
  startedAt: new Date(),
  finishedAt: new Date(),
  logs: null,
  ...changes,
});
const names = (items: { name: string }[]) => items.map((item) => item.name);

describe('compareMigrations', () => {
  it('finds what is pending, in order, also between applied ones', () => {
    const state = compareMigrations([file('1_a'), file('2_b'), file('3_c')], [record('1_a'), record('3_c')]);
    expect(names(state.pending)).toEqual(['2_b']);
    expect(state).toMatchObject({ changed: [], unfinished: [], missing: [], ahead: [] });
  });

  it('tells an applied file that changed', () => {
    const state = compareMigrations([file('1_a', 'else')], [record('1_a')]);
    expect(names(state.changed)).toEqual(['1_a']);
    expect(state.pending).toEqual([]);
  });

  it('tells one that started and did not finish; it is neither pending nor changed', () => {
    const state = compareMigrations([file('1_a', 'corrected')], [record('1_a', { finishedAt: null })]);
    expect(names(state.unfinished)).toEqual(['1_a']);
    expect(state).toMatchObject({ pending: [], changed: [] });
  });

  it('tells a gap in the files from a database that newer code has migrated', () => {
    const state = compareMigrations(
      [file('1_a'), file('3_c')],
      [record('1_a'), record('2_b'), record('3_c'), record('4_d'), record('5_e', { finishedAt: null })],
    );
    expect(names(state.missing)).toEqual(['2_b']);
    expect(names(state.ahead)).toEqual(['4_d', '5_e']);
    expect(state.unfinished).toEqual([]);
  });
});

describe('matchesChecksum', () => {
  it.each([
    ['a\nb\n', 'a\r\nb\r\n'],
    ['a\r\nb\r\n', 'a\nb\n'],
    ['a\nb', 'a\nb'],
  ])('takes %j for %j', (script, applied) => {
    expect(matchesChecksum(script, sha256(applied))).toBe(true);
  });

  it('tells other text', () => {
    expect(matchesChecksum('a\nb', sha256('a\nb\n'))).toBe(false);
  });
});
