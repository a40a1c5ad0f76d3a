import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package: files (path → script), and what it depends on. */
type Package = { name: string; files: Record<string, string>; depends?: string };

/**
 * A package repository on disk, and the environment in which the system's own apt-get knows that one only, as on a machine
 * where nothing is installed and no lists have been fetched yet.
 */
export function aptRepository(folder: string, packages: Package[]): NodeJS.ProcessEnv {
  const repository = join(folder, 'repository');
  mkdirSync(repository, { recursive: true });
  const entries = packages.map((one) => build(repository, one));
  writeFileSync(join(repository, 'Packages'), entries.join('\n'));
  const state = join(folder, 'state');
  mkdirSync(join(folder, 'cache/archives/partial'), { recursive: true });
  mkdirSync(join(state, 'lists/partial'), { recursive: true });
  writeFileSync(join(state, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), `deb [trusted=yes] copy:${repository} ./\n`);
  const config = {
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
  };
  const file = join(folder, 'apt.conf');
  writeFileSync(
    file,
    Object.entries(config)
      .map(([key, value]) => `${key} "${value}";\n`)
      .join(''),
  );
  return { PATH: process.env.PATH, APT_CONFIG: file };
}

function build(repository: string, { name, files, depends }: Package): string {
  const tree = join(repository, 'trees', name);
  const control = [`Package: ${name}`, 'Version: 1.0', 'Architecture: all', 'Maintainer: Nobody <nobody@example.com>'];
  if (depends) control.push(`Depends: ${depends}`);
  control.push('Description: for a test', '');
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  writeFileSync(join(tree, 'DEBIAN/control'), control.join('\n'));
  for (const [path, script] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), script);
    chmodSync(join(tree, path), 0o755);
  }
  const archive = `${name}_1.0_all.deb`;
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, join(repository, archive)]);
  const bytes = readFileSync(join(repository, archive));
  const { size } = statSync(join(repository, archive));
  const sum = createHash('sha256').update(bytes).digest('hex');
  return [...control.slice(0, -1), `Filename: ./${archive}`, `Size: ${size}`, `SHA256: ${sum}`, ''].join('\n');
}
