import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';

const folder = join(root, 'gateway/explorer');
const dist = join(folder, 'dist');
const stamp = '.built-from';

/**
 * Builds the explorer's local files into gateway/explorer/dist, in about 3 s; does nothing when they were built from what
 * is there now. They appear at once, so that a gateway that runs meanwhile serves the old ones or the new ones.
 */
export async function buildExplorer(): Promise<'built' | 'unchanged'> {
  const sources = hashSources();
  if (builtFrom() === sources) return 'unchanged';
  // Loading vite takes half a second: only when it is needed.
  const { build } = await import('vite');
  const outDir = join(root, `node_modules/.cache/explorer-${process.pid}`);
  await build({ configFile: join(folder, 'vite.config.ts'), mode: 'production', build: { outDir } });
  writeFileSync(join(outDir, stamp), sources);
  try {
    rmSync(dist, { recursive: true, force: true });
    renameSync(outDir, dist);
  } catch (error) {
    // Somebody else has built the same in the meantime.
    rmSync(outDir, { recursive: true, force: true });
    if (builtFrom() !== sources) throw error;
  }
  return 'built';
}

function builtFrom(): string | undefined {
  const file = join(dist, stamp);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The explorer's own sources and the versions of all packages. */
function hashSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = readdirSync(join(folder, 'src')).filter((name) => !name.includes('.spec.'));
  for (const file of [...files.sort().map((name) => join('src', name)), 'index.html', 'vite.config.ts']) {
    hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) console.log(`gateway/explorer/dist: ${await buildExplorer()}`);
