import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '#platform/root.ts';

/** Committed files that are derived from others: their paths from the root, and what they should contain. */
export type Artefacts = Map<string, string>;

/** Those whose text on disk is another one. */
export async function changedOf(artefacts: Artefacts): Promise<Artefacts> {
  const changed: Artefacts = new Map();
  for (const [file, text] of artefacts) {
    const current = await readFile(path.join(root, file), 'utf8').catch(() => null);
    if (current !== text) changed.set(file, text);
  }
  return changed;
}

/** Writes them, with their folders. */
export async function writeArtefacts(artefacts: Artefacts): Promise<void> {
  for (const [file, text] of artefacts) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
}
