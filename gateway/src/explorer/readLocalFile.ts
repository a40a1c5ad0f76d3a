import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { root } from '#platform/root.ts';

const FOLDER = join(root, 'gateway/explorer/dist');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** A built file of the explorer by its path in dist/; null when there is none, or it isn't of a kind that is served. */
export async function readLocalFile(path: string): Promise<{ content: Buffer; type: string } | null> {
  const file = resolve(FOLDER, path);
  const type = types[extname(file)];
  if (!type || !file.startsWith(FOLDER + sep)) return null;
  const content = await readFile(file).catch(() => null);
  return content && { content, type };
}
