import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';

const skipped = new Set(['node_modules', '.git', '.data', 'dist', 'coverage']);

/** Every file of the repository that a person writes or a generator commits, by its path in it. */
export function listFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    // prisma/<name>/client is generated and not committed.
    const left = skipped.has(entry.name) || /^prisma\/[^/]+\/client$/.test(path);
    return entry.isDirectory() && !left ? listFiles(root, path) : [];
  });
}
