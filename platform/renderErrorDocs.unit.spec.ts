import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ErrorCodeEntry, errorCodes } from './errorCodes.ts';
import { errorDocsPath, renderErrorDocs } from './renderErrorDocs.ts';

describe('docs/errors.md', () => {
  it('says of every code exactly what the code says', () => {
    expect(readFileSync(errorDocsPath, 'utf8')).toBe(renderErrorDocs());
  });

  it('has a section for each code and no other', () => {
    const sections = [...renderErrorDocs().matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
    expect(sections).toEqual(Object.keys(errorCodes));
  });

  it.each(Object.entries<ErrorCodeEntry>(errorCodes))('explains %s in whole sentences', (_code, entry) => {
    for (const text of [entry.description, entry.client]) expect(text).toMatch(/^[A-Z].*\.$/);
  });
});
