import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binary } from './binary.ts';
import { unpackPackages } from './unpackPackages.ts';

const run = promisify(execFile);

/** The servers that no npm package brings along. */
export type ServerName = 'redis' | 'nats';

const known = {
  redis: { title: 'Redis', variable: 'REDIS_URL', example: 'redis://host:6379', binary: 'redis-server' },
  nats: { title: 'NATS', variable: 'NATS_URL', example: 'nats://host:4222', binary: 'nats-server' },
} as const;

/** Where a server comes from: somebody's running one, or a program to run. */
export type Found = { url: string } | Binary;

/** No way was found to get the servers; the message names the ways out. */
export class ServersMissing extends Error {
  override name = 'ServersMissing';
  constructor(missing: ServerName[], reason: string) {
    const titles = missing.map((name) => known[name].title).join(' and ');
    super(
      [
        `${titles} ${missing.length > 1 ? 'are' : 'is'} needed, and ${missing.length > 1 ? 'were' : 'was'} not found.`,
        `  Looked for: ${missing.map((name) => `${known[name].variable} in the environment, ${known[name].binary} on PATH`).join('; ')};`,
        `  then for packages of this distribution to unpack (not possible: ${reason}).`,
        'Any one of these helps:',
        `  - macOS, or Linux with Homebrew:  brew install ${missing.map((name) => known[name].binary.replace('redis-server', 'redis')).join(' ')}`,
        '  - Docker:  docker compose up postgres redis nats  (then name the servers as below)',
        `  - servers that run already:  ${missing.map((name) => `${known[name].variable}=${known[name].example}`).join(' ')} npm start`,
      ].join('\n'),
    );
  }
}

function onPath(name: string, path: string | undefined): string | undefined {
  for (const folder of (path ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function libraryFolders(root: string): string[] {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const folder = join(root, base);
    if (!existsSync(folder)) continue;
    folders.push(folder);
    for (const entry of readdirSync(folder)) if (entry.includes('-linux-')) folders.push(join(folder, entry));
  }
  return folders;
}

/** Looks through what has been unpacked into the folders of `packagesDir`. */
async function unpacked(name: ServerName, packagesDir: string): Promise<Binary | undefined> {
  for (const folder of existsSync(packagesDir) ? readdirSync(packagesDir) : []) {
    const root = join(packagesDir, folder);
    const places = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((place) => join(root, place)).join(delimiter);
    const path = folder.startsWith('apt-') ? undefined : onPath(known[name].binary, places);
    if (!path) continue;
    const env = { LD_LIBRARY_PATH: libraryFolders(root).join(delimiter) };
    try {
      await run(path, ['--version'], { env: { ...process.env, ...env } });
      return { path, env, from: 'packages' };
    } catch {
      // Unpacked for another release of the system, say.
      rmSync(root, { recursive: true, force: true });
    }
  }
  return undefined;
}

/**
 * Finds each server: a URL in the environment; its program on PATH; the distribution's package, unpacked into
 * `packagesDir` (about 2 s, once). Rejects with {@link ServersMissing} when one of them can't be had.
 */
export async function findServers<N extends ServerName>(
  names: readonly N[],
  { env, packagesDir, signal }: { env: NodeJS.ProcessEnv; packagesDir: string; signal?: AbortSignal },
): Promise<Record<N, Found>> {
  const found: Partial<Record<ServerName, Found>> = {};
  for (const name of names) {
    const url = env[known[name].variable];
    const path = onPath(known[name].binary, env.PATH);
    const binary = url
      ? undefined
      : path
        ? { path, env: {}, from: 'PATH' as const }
        : await unpacked(name, packagesDir);
    found[name] = url ? { url } : binary;
  }
  const missing = names.filter((name) => !found[name]);
  if (missing.length > 0) {
    const packages = missing.map((name) => known[name].binary);
    const reason = await unpackPackages(packages, packagesDir, { env, signal }).then(
      () => 'they do not run here',
      reasonOf,
    );
    signal?.throwIfAborted();
    for (const name of missing) found[name] = await unpacked(name, packagesDir);
    const stillMissing = names.filter((name) => !found[name]);
    if (stillMissing.length > 0) throw new ServersMissing(stillMissing, reason);
  }
  return found as Record<N, Found>;
}

function reasonOf(error: unknown): string {
  const { code, path, stderr, message } = error as { code?: unknown; path?: string; stderr?: string; message: string };
  if (code === 'ENOENT') return `there is no ${path ?? 'apt-get'} on PATH`;
  const lines = (stderr || message).trim().split('\n');
  return (lines.find((line) => line.startsWith('E:')) ?? lines[lines.length - 1] ?? message).slice(0, 200);
}
