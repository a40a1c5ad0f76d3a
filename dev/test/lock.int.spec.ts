import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { claimFolder } from '../lock.ts';
import { startChild } from '../servers/childProcess.ts';

const folder = mkdtempSync(join(tmpdir(), 'taskgraph-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('keeps a second start off the folder, and forgets a start that is gone', async () => {
  const other = await startChild({
    name: 'another start',
    command: 'sh',
    // Looks like one in the list of processes.
    args: ['-c', 'sleep 600; exit', 'dev/start.ts'],
    env: process.env,
    cwd: '/',
    output: { onLine: () => {} },
  });
  writeFileSync(join(folder, 'start.pid'), String(other.pid));
  expect(() => claimFolder(folder)).toThrow(`already runs on ${folder} (process ${other.pid})`);
  await other.kill();
  const release = claimFolder(folder);
  release();
  expect(existsSync(join(folder, 'start.pid'))).toBe(false);
});

it("takes no other program's number for a start", () => {
  writeFileSync(join(folder, 'start.pid'), String(process.ppid));
  expect(() => claimFolder(folder)()).not.toThrow();
});
