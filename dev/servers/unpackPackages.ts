import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

function aptOptions(work: string): string[] {
  return [
    '-q',
    ...['-o', `Dir::State::Lists=${join(work, 'lists')}`],
    ...['-o', `Dir::Cache=${join(work, 'cache')}`],
    ...['-o', 'Debug::NoLocking=1'],
    // As root, apt would download as another user, who may not enter this folder.
    ...['-o', 'APT::Sandbox::User=root'],
  ];
}

/**
 * Unpacks distribution packages (Debian, Ubuntu) and what they need beyond what is installed into `<dir>/<package>`,
 * without root and without installing anything: apt works on lists and a cache of its own, `dpkg -x` only extracts.
 * Rejects when apt is missing, has no network, or doesn't know a package.
 */
export async function unpackPackages(packages: string[], dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const work = mkdtempSync(join(dir, 'apt-'));
  const options = { cwd: work, env: { ...env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 };
  const apt = aptOptions(work);
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(work, folder), { recursive: true });
    // One unreachable third-party source must not matter: whether the packages are found is what counts.
    const updated = await run('apt-get', [...apt, 'update'], options).catch((error) => error as Error);
    const closures = await Promise.all(
      packages.map(async (name) => {
        const plan = ['-s', '--no-install-recommends', 'install', name];
        const { stdout } = await run('apt-get', [...apt, ...plan], options).catch((error) => {
          throw updated instanceof Error && 'code' in updated ? updated : error;
        });
        return [...stdout.matchAll(/^Inst ([^\s:]+)/gm)].map((match) => match[1] as string);
      }),
    );
    const needed = [...new Set(closures.flat())];
    if (needed.length > 0) await run('apt-get', [...apt, 'download', ...needed], options);
    for (const [index, name] of packages.entries()) {
      const root = join(work, `root-${name}`);
      mkdirSync(root);
      for (const part of closures[index] ?? []) {
        const archive = readdirSync(work).find((file) => file.startsWith(`${part}_`) && file.endsWith('.deb'));
        if (archive) await run('dpkg', ['-x', archive, root], options);
      }
      // A rename is atomic: another start sees all of it or nothing, and whoever comes second keeps the first.
      if (!existsSync(join(dir, name))) renameSync(root, join(dir, name));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
