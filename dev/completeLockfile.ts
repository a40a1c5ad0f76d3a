import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';

/** An entry of package-lock.json: https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages */
type Entry = {
  version?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  license?: string;
  optionalDependencies?: Record<string, string>;
};

/** What is read of package-lock.json. */
export type Lockfile = { packages: Record<string, Entry> };

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Optional dependencies that the lockfile leaves out: `npm ci` refuses it then. Path of the entry → its owner's path. */
export function missingOptionals(lock: Lockfile): Map<string, { owner: string; name: string; version: string }> {
  const missing = new Map<string, { owner: string; name: string; version: string }>();
  for (const [owner, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const paths = [...ancestors(owner)].map((path) => `${path}node_modules/${name}`);
      if (paths.some((path) => lock.packages[path])) continue;
      missing.set(`node_modules/${name}`, { owner, name, version });
    }
  }
  return missing;
}

/**
 * Adds the packages of other platforms that `npm install` has left out, as it does when the registry in use hasn't got
 * them. What a package is for is told by its name (`…-darwin-arm64`, `…-linux-x64-musl`). Such entries have no checksum.
 */
export function completeLockfile(lock: Lockfile): Lockfile {
  const packages = { ...lock.packages };
  for (const [path, { owner, name, version }] of missingOptionals(lock)) {
    const words = name.split(/[/-]/);
    const os = systems.filter((system) => words.includes(system));
    if (os.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version)) {
      throw new Error(`${name}@${version} of ${owner} is missing, and its name doesn't tell one platform`);
    }
    const cpu = processors.filter((processor) => words.includes(processor));
    const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
    const { dev, devOptional, license } = packages[owner] ?? {};
    packages[path] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      ...(devOptional && { devOptional }),
      ...(/musl|gnu/.test(name) && os[0] === 'linux' && { libc: [libc] }),
      ...(license && { license }),
      optional: true,
      os,
    };
  }
  // npm's own order: a line that moves is a line in the diff.
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** The folders that Node looks for packages in, from `path` upwards: each with a slash, the root as ''. */
function* ancestors(path: string): Generator<string> {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/')))) {
    at = at.replace(/\/$/, '');
    yield `${at}/`;
  }
  yield '';
}

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'package-lock.json');
  const lock: Lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const count = missingOptionals(lock).size;
  if (count > 0) writeFileSync(file, `${JSON.stringify(completeLockfile(lock), null, 2)}\n`);
  console.log(`${count} packages of other platforms were missing in package-lock.json`);
}
