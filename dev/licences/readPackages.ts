import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LicensedPackage } from './checkLicences.ts';

/** An entry of package-lock.json: https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages */
type LockEntry = { name?: string; version?: string; license?: string; link?: boolean };

/** The forms in which manifests have declared a licence over the years. */
type Manifest = { license?: string | { type?: string }; licenses?: { type?: string }[] };

/**
 * All packages of the lockfile, production and development. The installed manifest has the last word; the lockfile
 * speaks for those that this platform doesn't install.
 */
export function readPackages(root: string): LicensedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    .map(([path, entry]) => {
      const file = join(root, path, 'package.json');
      const licence = existsSync(file) ? declaredLicence(JSON.parse(readFileSync(file, 'utf8'))) : entry.license;
      return {
        name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version: entry.version ?? '',
        licence: licence ?? null,
      };
    });
}

function declaredLicence({ license, licenses }: Manifest): string | undefined {
  if (typeof license === 'string') return license.trim() || undefined;
  if (license?.type) return license.type;
  // The old list of licences meant a choice.
  return licenses?.map(({ type }) => type).join(' OR ') || undefined;
}
