import { accessSync, constants, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Binary } from './binary.ts';
import { probe } from './probe.ts';
import { unpackPackages } from './unpackPackages.ts';

/** The servers that no npm package brings along. */
export type ServerName = 'redis' | 'nats';

/** `least`: BullMQ asks for Redis 6.2; the options that our streams and consumers use came with NATS 2.9. */
const known = {
  redis: {
    title: 'Redis',
    variable: 'REDIS_URL',
    example: 'redis://host:6379',
    binary: 'redis-server',
    least: [6, 2],
  },
  nats: { title: 'NATS', variable: 'NATS_URL', example: 'nats://host:4222', binary: 'nats-server', least: [2, 9] },
} as const;

/** Where a server comes from: somebody's running one, or a program to run. */
export type Found = { url: string } | Binary;

/** No way was found to get the servers; the message names the ways out. */
export class ServersMissing extends Error {
  override name = 'ServersMissing';
  constructor(missing: ServerName[], passedOver: string[], reason = 'they can not be used either') {
    const titles = missing.map((name) => known[name].title).join(' and ');
    super(
      [
        `${titles} ${missing.length > 1 ? 'are' : 'is'} needed, and ${missing.length > 1 ? 'were' : 'was'} not found.`,
        `  Looked for: ${missing.map((name) => `${known[name].variable} in the environment, ${known[name].binary} on PATH`).join('; ')};`,
        `  then for packages of this distribution to unpack (not possible: ${reason}).`,
        ...passedOver.map((problem) => `  Passed over: ${problem}.`),
        'Any one of these helps:',
        `  - macOS, or Linux with Homebrew:  brew install ${missing.map((name) => known[name].binary.replace('redis-server', 'redis')).join(' ')}`,
        '  - Docker:  docker compose up postgres redis nats  (then name the servers as below)',
        `  - servers that run already:  ${missing.map((name) => `${known[name].variable}=${known[name].example}`).join(' ')} npm start`,
      ].join('\n'),
    );
  }
}

/** The programs of that name in the folders of a PATH, the first one first. */
function onPath(name: string, path: string | undefined): string[] {
  return (path ?? '').split(delimiter).flatMap((folder) => {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return isAbsolute(folder) && statSync(file).isFile() ? [file] : [];
    } catch {
      // Not in this folder.
      return [];
    }
  });
}

/** The first program on PATH that can be used. */
async function installed(name: ServerName, path: string | undefined, passOver: PassOver): Promise<Binary | undefined> {
  for (const file of onPath(known[name].binary, path)) {
    const problem = await probe(file, known[name].least);
    if (!problem) return { path: file, env: {}, from: 'PATH' };
    passOver(name, problem);
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
async function unpacked(name: ServerName, packagesDir: string, passOver: PassOver): Promise<Binary | undefined> {
  for (const folder of existsSync(packagesDir) ? readdirSync(packagesDir) : []) {
    const root = join(packagesDir, folder);
    const places = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((place) => join(root, place)).join(delimiter);
    const [path] = folder.startsWith('apt-') ? [] : onPath(known[name].binary, places);
    if (!path) continue;
    const env = { LD_LIBRARY_PATH: libraryFolders(root).join(delimiter) };
    const problem = await probe(path, known[name].least, env);
    if (!problem) return { path, env, from: 'packages' };
    passOver(name, problem);
    // Unpacked for another release of the system, say. What else lies there may be in use.
    rmSync(path);
  }
  return undefined;
}

/** Told of each program that is there and can't be used. */
type PassOver = (name: ServerName, problem: string) => void;

/**
 * Finds each server, the first way that works: a URL in the environment; its program on PATH; the distribution's package,
 * unpacked into `packagesDir` (about 2 s, once). A program must run and be recent enough; what is passed over is told in
 * the result. Rejects with {@link ServersMissing} when one of them can't be had.
 */
export async function findServers<N extends ServerName>(
  names: readonly N[],
  { env, packagesDir, signal }: { env: NodeJS.ProcessEnv; packagesDir: string; signal?: AbortSignal },
): Promise<Record<N, Found>> {
  const found: Partial<Record<ServerName, Found>> = {};
  const problems: { name: ServerName; problem: string }[] = [];
  const passOver: PassOver = (name, problem) => void problems.push({ name, problem });
  for (const name of names) {
    const url = env[known[name].variable];
    found[name] = url
      ? { url }
      : ((await installed(name, env.PATH, passOver)) ?? (await unpacked(name, packagesDir, passOver)));
  }
  const missing = names.filter((name) => !found[name]);
  if (missing.length > 0) {
    const packages = missing.map((name) => known[name].binary);
    const reason = await unpackPackages(packages, packagesDir, { env, signal }).then(() => undefined, reasonOf);
    signal?.throwIfAborted();
    for (const name of missing) found[name] = await unpacked(name, packagesDir, passOver);
    const stillMissing = names.filter((name) => !found[name]);
    const passedOver = problems.filter(({ name }) => stillMissing.includes(name as N)).map(({ problem }) => problem);
    if (stillMissing.length > 0) throw new ServersMissing(stillMissing, passedOver, reason);
  }
  for (const name of names) {
    const passedOver = problems.filter((one) => one.name === name).map(({ problem }) => problem);
    const way = found[name];
    if (way && 'path' in way && passedOver.length > 0) found[name] = { ...way, passedOver };
  }
  return found as Record<N, Found>;
}

function reasonOf(error: unknown): string {
  const { code, path, stderr, message } = error as { code?: unknown; path?: string; stderr?: string; message: string };
  if (code === 'ENOENT') return `there is no ${path ?? 'apt-get'} on PATH`;
  const lines = (stderr || message).trim().split('\n');
  return (lines.find((line) => line.startsWith('E:')) ?? lines[lines.length - 1] ?? message).slice(0, 200);
}
