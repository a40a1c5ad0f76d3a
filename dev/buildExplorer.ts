import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';

const folder = join(root, 'gateway/explorer');
const stamp = join(folder, 'dist/.built-from');

/**
 * Builds the explorer's local files into gateway/explorer/dist, in about 3 s; does nothing when they were built from what
 * is there now.
 */
export async function buildExplorer(): Promise<'built' | 'unchanged'> {
  const sources = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return 'unchanged';
  // Loading vite takes half a second: only when it is needed.
  const { build } = await import('vite');
  await build({ configFile: join(folder, 'vite.config.ts'), mode: 'production' });
  writeFileSync(stamp, sources);
  return 'built';
}

/** The explorer's own sources and the versions of all packages. */
function hashSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = readdirSync(join(folder, 'src')).map((name) => join('src', name));
  for (const file of [...files.sort(), 'index.html', 'vite.config.ts']) {
    hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) console.log(`gateway/explorer/dist: ${await buildExplorer()}`);
