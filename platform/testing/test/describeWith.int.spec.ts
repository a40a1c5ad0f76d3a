import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-with-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one test that needs a program, in a jest of its own. */
async function runWith(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  writeFileSync(
    join(folder, 'needs.spec.ts'),
    `import { expect, it } from '@jest/globals';
     import { describeWith } from '${root}/platform/testing/describeWith.ts';
     describeWith('${program}', 'something', () => it('runs', () => expect(1).toBe(1)));`,
  );
  const transform = { '^.+\\.ts$': [join(root, 'node_modules/@swc/jest'), swc] };
  const config = {
    rootDir: folder,
    roots: [folder],
    testMatch: ['**/*.spec.ts'],
    extensionsToTreatAsEsm: ['.ts'],
    transform,
  };
  const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', JSON.stringify(config)];
  const { CI: _, ...outside } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...outside, ...env },
  });
  return stdout + stderr;
}
const swc = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } };

describe('describeWith', () => {
  it('runs the tests where the program is', async () => {
    expect(await runWith('node', {})).toMatch(/Tests: +1 passed/);
  }, 20_000);

  it('skips them where it is not, and says why and where the way to install it is', async () => {
    const said = await runWith('no-such-program', {});
    expect(said).toMatch(/Tests: +1 skipped/);
    expect(said).toContain(
      'something: skipped: there is no no-such-program here; deploy/README.md#what-the-tests-need',
    );
  }, 20_000);

  it('runs them in CI whatever is missing', async () => {
    expect(await runWith('no-such-program', { CI: '1' })).toMatch(/Tests: +1 passed/);
  }, 20_000);
});
