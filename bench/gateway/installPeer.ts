import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '#platform/root.ts';

/** Gateways of others that this repository does not have among its packages. */
export const peerNames = ['hive', 'mercurius'] as const;
export type PeerName = (typeof peerNames)[number];

/** Where a peer was installed and which versions it has, or why there is none. */
export type Peer = { folder: string; versions: Record<string, string> } | { missing: string };

/**
 * Installs a peer in a folder of its own, .data/bench/peers/<name>, away from the repository's packages: they ask for other
 * versions of graphql and bring hundreds of packages. What peers/<name> says is installed exactly; when that is there
 * already, it is used. No script of a package is run.
 */
export async function installPeer(
  name: PeerName,
  print: (text: string) => void,
  {
    folder = join(root, '.data/bench/peers', name),
    env = process.env,
  }: { folder?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Peer> {
  const source = join(import.meta.dirname, 'peers', name);
  const wanted: Record<string, string> = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).dependencies;
  const had = installed(folder, wanted) && sameFile(join(source, 'package.json'), join(folder, 'package.json'));
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  if (had) return { folder, versions: wanted };
  print(`installing ${name} in ${folder} …`);
  try {
    // npm looks for the nearest package.json: this folder's.
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env,
      timeout: 300_000,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    // Past npm's list of codes, its first sentence.
    const why = /^npm (?:error|ERR!) (?!code|syscall|errno)(.+)$/m.exec(stderr ?? '')?.[1] ?? message.split('\n', 1)[0];
    return { missing: `npm install failed: ${why}` };
  }
  return installed(folder, wanted) ? { folder, versions: wanted } : { missing: 'npm install left other versions' };
}

function installed(folder: string, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, version]) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
}

const sameFile = (one: string, other: string): boolean =>
  existsSync(other) && readFileSync(one, 'utf8') === readFileSync(other, 'utf8');
