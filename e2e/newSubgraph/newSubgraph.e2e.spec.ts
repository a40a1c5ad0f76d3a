import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { listFiles } from '#dev/architecture/listFiles.ts';
import { subgraphPorts } from '#dev/subgraphs.ts';
import { root } from '#platform/root.ts';

jest.setTimeout(300_000);

let copy: string;
const execute = promisify(execFile);

/** Runs a command in the copy; what it says is in the error when it fails. */
async function node(...args: string[]): Promise<string> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, stderr } = await execute(process.execPath, args, { cwd: copy, env, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout?: string; stderr?: string; message: string }) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    },
  );
  return stdout + stderr;
}
const tests = (...files: string[]) =>
  node('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--no-cache', ...files);

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'taskgraph-new-'));
  for (const file of listFiles(root)) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  symlinkSync(join(root, '.data'), join(copy, '.data'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it('`npm run new:subgraph` makes a subgraph that the types, the walls and its own tests agree with', async () => {
  const said = await node('--import', 'tsx', 'dev/newSubgraph/main.ts', 'stickers');
  expect(said).toContain('Copied from users: 20261120000000_backbone');
  const port = Math.max(...Object.values(subgraphPorts)) + 1;
  expect(readFileSync(join(copy, 'dev/subgraphs.ts'), 'utf8')).toContain(
    ` stickers: { port: ${port}, asks: ['users'] },`,
  );
  await node('node_modules/typescript7/bin/tsc');
  await tests(
    'subgraphs/labels',
    'dev/architecture',
    'deploy/test/compose.unit',
    'platform/database/backboneMigrations',
  );
});

it('says what it wants when it is not told', async () => {
  const main = ['--import', 'tsx', 'dev/newSubgraph/main.ts'];
  await expect(node(...main, 'media')).rejects.toThrow(/What is media made of\? Usage/);
  await expect(node(...main, 'tasks')).rejects.toThrow(/There is a tasks already/);
  await expect(node(...main)).rejects.toThrow(/Usage: npm run new:subgraph/);
});
