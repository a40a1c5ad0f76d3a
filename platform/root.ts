import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder at or above `from` whose package.json is the project's own. */
function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'taskgraph') return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json of taskgraph at or above ${from}`);
  }
}

/** Absolute path of the repository (or of the image's folder): where package.json, schema/ and prisma/ are. */
export const root: string = findRoot(import.meta.dirname);
