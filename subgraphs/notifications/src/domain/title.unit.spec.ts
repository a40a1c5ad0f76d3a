import { describe, expect, it } from '@jest/globals';
import { assignmentTitle, commentTitle } from './title.ts';

const task = { key: 'WEB-42', title: 'Fix the header' };
const family = '👩‍👩‍👧';

describe('titles', () => {
  it('are sentences', () => {
    expect(assignmentTitle({ actor: 'Ada', task })).toBe('Ada assigned WEB-42 Fix the header to you');
    expect(commentTitle({ actor: 'Ada', task })).toBe('Ada commented on WEB-42 Fix the header');
  });

  it('name somebody when nobody is known', () => {
    expect(assignmentTitle({ actor: null, task })).toBe('Somebody assigned WEB-42 Fix the header to you');
    expect(commentTitle({ actor: ' \n', task })).toBe('Somebody commented on WEB-42 Fix the header');
  });

  it('are one line, and read as they are written', () => {
    const hostile = { key: 'WEB-42', title: 'Fix\r\nBcc: x@example.com\u2028the\u0000 \u202eredaeh\u202c\u2066!' };
    expect(commentTitle({ actor: 'A\tda', task: hostile })).toBe(
      'A da commented on WEB-42 Fix Bcc: x@example.com the redaeh!',
    );
  });

  it.each([
    ['letters', 'x'.repeat(5_000)],
    ['emoji of several code points', family.repeat(1_000)],
    ['letters with marks', 'e\u0301'.repeat(3_000)],
  ])('keep their end and fit the column, with a title of many %s', (_name, title) => {
    const long = assignmentTitle({ actor: 'A'.repeat(500), task: { key: 'WEB-42', title } });
    expect([...long].length).toBeLessThanOrEqual(700);
    expect([...long].length).toBeGreaterThan(690);
    expect(long).toMatch(/^A+… assigned WEB-42 .*… to you$/u);
  });

  it('never cut what a reader sees as one character', () => {
    const clipped = commentTitle({ actor: 'Ada', task: { key: 'WEB-42', title: family.repeat(1_000) } });
    const shown = clipped.slice('Ada commented on WEB-42 '.length, -1);
    expect(shown).toBe(family.repeat(shown.length / family.length));
  });

  it('fit the column with everything at its longest', () => {
    const longest = { key: `${'K'.repeat(10)}-${2 ** 31}`, title: '𝕏'.repeat(500) };
    const title = assignmentTitle({ actor: '𝔸'.repeat(80), task: longest });
    expect(title).toContain('𝕏'.repeat(500));
    expect([...title].length).toBeLessThanOrEqual(700);
  });
});
