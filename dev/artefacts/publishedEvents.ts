import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { incompatibilities, type JsonSchema } from '#events/incompatibilities.ts';

const run = promisify(execFile);
const folder = 'events/golden';

/** A published version of an event, and where it is written that it is. */
export type PublishedEvent = { type: string; schema: JsonSchema; from: string };

/**
 * The golden schemas of the events that are published: those in the folder, and those of git's HEAD, so that one that was
 * edited or removed by hand still counts. Without git, or outside a repository, the folder alone.
 */
export async function readPublishedEvents(root: string): Promise<PublishedEvent[]> {
  const names = await readdir(path.join(root, folder)).catch((): string[] => []);
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(root, folder, name), 'utf8'), from: folder })),
  );
  return [...files, ...(await readHead(root))].map(({ name, text, from }) => ({
    type: path.basename(name, '.json'),
    schema: JSON.parse(text) as JsonSchema,
    from,
  }));
}

async function readHead(root: string): Promise<{ name: string; text: string; from: string }[]> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: root, maxBuffer: 2 ** 24 })).stdout;
  try {
    // `./`: from here, whether or not this folder is the repository's own.
    const names = (await git('ls-tree', '--name-only', 'HEAD', `./${folder}/`)).split('\n').filter(Boolean);
    const read = async (name: string) => ({ name, text: await git('show', `HEAD:./${name}`), from: "git's HEAD" });
    return await Promise.all(names.filter((name) => name.endsWith('.json')).map(read));
  } catch {
    return [];
  }
}

/**
 * Why the events that the code declares may not replace the published ones: a line a problem. `accepted` types are passed
 * over: they were never deployed, or nothing of them is left in a stream or an event table.
 */
export function refuseChanges(
  published: readonly PublishedEvent[],
  declared: ReadonlyMap<string, JsonSchema>,
  accepted: readonly string[] = [],
): string[] {
  const problems = new Map<string, string>();
  for (const { type, schema, from } of published) {
    if (accepted.includes(type)) continue;
    const next = declared.get(type);
    const changes = next ? incompatibilities(schema, next) : ['it is no longer declared'];
    for (const change of changes) problems.set(`${type}: ${change}`, from);
  }
  return [...problems].map(([problem, from]) => `${problem} (published in ${from})`);
}

/** What to do about refused changes. */
export const wayOut = [
  'A published version never changes: consumers of it are running, and its data is in the streams and event tables.',
  'Declare the next version beside it, publish both until no consumer names the old one, then drop the old.',
  'If a version was never deployed, or nothing of it is left: npm run generate -- --accept <type>',
].join('\n');
