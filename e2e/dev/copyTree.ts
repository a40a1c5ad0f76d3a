import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '#platform/root.ts';

/** What a copy does without: what is its owner's, and what is too large. */
const leftOut = new Set(['.git', '.data', 'node_modules', 'dist']);

/** Copies the sources, as they are now, to a folder where a test may change them; the packages are the same ones. */
export function copyTree(folder: string): void {
  cpSync(root, folder, { recursive: true, filter: (source) => !leftOut.has(path.relative(root, source)) });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}
