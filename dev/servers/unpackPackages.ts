import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

type Run = (command: string, ...args: string[]) => Promise<string>;

/** How programs are run: with which environment, and until when. */
type Circumstances = { env: NodeJS.ProcessEnv; signal?: AbortSignal };

function runIn(work: string, { env, signal }: Circumstances): Run {
  const options = { cwd: work, env: { ...env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024, signal };
  return async (command, ...args) => (await promisify(execFile)(command, args, options)).stdout;
}

function aptOptions(work: string, lists: string | undefined): string[] {
  return [
    '-q',
    ...['-o', `Dir::Cache=${join(work, 'cache')}`],
    ...['-o', 'Debug::NoLocking=1'],
    // As root, apt would download as another user, who may not enter this folder.
    ...['-o', 'APT::Sandbox::User=root'],
    ...(lists ? ['-o', `Dir::State::Lists=${lists}`] : []),
  ];
}

/** Downloads packages and what they need beyond what is installed, by the lists that `apt` has. */
async function download(run: Run, apt: string[], packages: string[]): Promise<void> {
  const plan = await run('apt-get', ...apt, '-s', '--no-install-recommends', 'install', ...packages);
  const needed = [...plan.matchAll(/^Inst ([^\s:]+)/gm)].map((match) => match[1] as string);
  await run('apt-get', ...apt, 'download', ...needed);
}

/**
 * Unpacks distribution packages (Debian, Ubuntu) and what they need beyond what is installed into one folder of `dir`,
 * without root and without installing anything: apt works with a cache of its own, `dpkg -x` only extracts. The lists of
 * the system serve if they know the packages, else fresh ones are fetched. Resolves to the folder; rejects when apt is
 * missing, has no network, or doesn't know a package, and when `signal` is aborted.
 */
export async function unpackPackages(packages: string[], dir: string, circumstances: Circumstances): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const work = mkdtempSync(join(dir, 'apt-'));
  const run = runIn(work, circumstances);
  try {
    const lists = join(work, 'lists');
    for (const folder of ['lists/partial', 'cache/archives/partial', 'root'])
      mkdirSync(join(work, folder), { recursive: true });
    try {
      await download(run, aptOptions(work, undefined), packages);
    } catch {
      circumstances.signal?.throwIfAborted();
      // The system has no lists (containers), or old ones.
      const apt = aptOptions(work, lists);
      // One unreachable third-party source must not matter: whether the packages are found is what counts.
      const failure = await run('apt-get', ...apt, 'update').then(
        () => undefined,
        (error: Error) => error,
      );
      await download(run, apt, packages).catch((error) => {
        throw failure ?? error;
      });
    }
    for (const file of readdirSync(work)) if (file.endsWith('.deb')) await run('dpkg', '-x', file, 'root');
    // A rename is atomic: another start sees all of it or nothing.
    const root = join(dir, `${packages.join('+')}-${process.pid}`);
    renameSync(join(work, 'root'), root);
    return root;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
