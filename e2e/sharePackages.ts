import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '#platform/root.ts';

/** Programs that had to be unpacked once are not unpacked again for a new data folder. */
export function sharePackages(dataDir: string): void {
  const packages = path.join(root, '.data/packages');
  mkdirSync(packages, { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  symlinkSync(packages, path.join(dataDir, 'packages'));
}
