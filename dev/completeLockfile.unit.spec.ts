import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { completeLockfile, type Lockfile, missingOptionals } from './completeLockfile.ts';

const names = ['tool-linux-x64-musl', 'tool-win32-arm64', 'other'];
const lock: Lockfile = {
  packages: {
    '': {},
    'node_modules/tool': {
      dev: true,
      license: 'MIT',
      optionalDependencies: Object.fromEntries(names.map((name) => [name, '1.2.3'])),
    },
    'node_modules/tool/node_modules/other': { version: '1.2.3' },
  },
};

it('package-lock.json names the packages of every platform (else: npm run lockfile)', () => {
  const file: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect([...missingOptionals(file).keys()]).toEqual([]);
});

it('adds what is missing, for the platform that its name tells', () => {
  const added = { version: '1.2.3', dev: true, license: 'MIT', optional: true };
  expect(completeLockfile(lock).packages).toEqual({
    ...lock.packages,
    'node_modules/tool-linux-x64-musl': { ...added, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/tool-win32-arm64': { ...added, os: ['win32'], cpu: ['arm64'] },
  });
  expect(missingOptionals(completeLockfile(lock)).size).toBe(0);
});

it('refuses to guess', () => {
  const optionalDependencies = { 'tool-extras': '1.2.3' };
  expect(() => completeLockfile({ packages: { 'node_modules/tool': { optionalDependencies } } })).toThrow(
    'tool-extras',
  );
});
