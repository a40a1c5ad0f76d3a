import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';

const ignored = new Set(['node_modules', '.data', '.git', 'dist', 'coverage', 'client']);

/** Every Markdown file of the project, relative to its root. */
function pages(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : pages(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

/** The targets of a page's links that lead to files of the project. */
function linksOf(text: string): string[] {
  const withoutCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '');
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target));
}

describe('links between pages', () => {
  it.each(pages())('of %s lead to files that are there', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const missing = linksOf(text).filter(
      (target) => !existsSync(path.join(root, path.dirname(page), target.split('#')[0] as string)),
    );
    expect(missing).toEqual([]);
  });

  it('are found, and code is not taken for one', () => {
    expect(linksOf('[a](b.md) `[c](d.md)` [e](https://f) [g](h.md#i)')).toEqual(['b.md', 'h.md#i']);
  });
});

describe('the straight line of the README', () => {
  it('names files on the whole way, from the operation to the subscription', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const section = readme.slice(readme.indexOf('## The straight line'), readme.indexOf('## The house'));
    const steps = section.split(/^\d+\. /m).slice(1);
    expect(steps).toHaveLength(11);
    for (const step of steps) expect(linksOf(step).length).toBeGreaterThan(0);
  });

  it('shows every top-level folder in its map', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const map = readme.slice(readme.indexOf('## The house'), readme.indexOf('## Adding a subgraph'));
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.has(entry.name))
      .map((entry) => entry.name);
    for (const folder of folders) expect(map).toContain(`[${folder}/]`);
  });
});
