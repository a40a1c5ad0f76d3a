import { describe, expect, it } from '@jest/globals';
import { lineSchema, textSchema } from './text.ts';

const problems = (schema: ReturnType<typeof textSchema>, text: string) =>
  schema.safeParse(text).error?.issues.map((issue) => issue.message) ?? [];

describe('textSchema', () => {
  it('keeps what was written', () => {
    expect(textSchema(20).parse(' two\n\tlines 👩‍👩‍👧 ')).toBe(' two\n\tlines 👩‍👩‍👧 ');
  });

  it('counts characters, not the units that JavaScript stores them in', () => {
    expect(problems(textSchema(1_000), '😀'.repeat(1_000))).toEqual([]);
    expect(problems(textSchema(1_000), '😀'.repeat(1_001))).toEqual(['Must have at most 1,000 characters']);
    expect(problems(textSchema(1_000), `${'x'.repeat(999)}😀`)).toEqual([]);
  });

  it.each([
    ['nothing', '', 'Must not be empty'],
    ['white space', ' \n\u00a0', 'Must not be empty'],
    ['too much', 'x'.repeat(1_001), 'Must have at most 1,000 characters'],
    ['NUL', 'a\0b', 'Holds what is not a character'],
    ['half a surrogate pair', 'a\ud83d', 'Holds what is not a character'],
  ])('refuses %s', (_name, text, message) => expect(problems(textSchema(1_000), text)).toContain(message));
});

describe('lineSchema', () => {
  it('cuts off white space around it', () => expect(lineSchema(5).parse(' Ada ')).toBe('Ada'));

  it.each(['a\nb', 'a\u2028b', 'a\u001bb', 'a\u0085b'])('refuses line breaks and controls: %j', (text) =>
    expect(problems(lineSchema(5), text)).toContain('Must be one line'),
  );
});
