import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { waitFor } from '#platform/testing/index.ts';
import { startChild } from '../childProcess.ts';
import { isAlive } from './isAlive.ts';

const stubborn = 'trap "" TERM; sleep 600 & echo "grandchild $!"; while :; do wait; done';

async function start(script: string) {
  const lines: string[] = [];
  const child = await startChild({
    name: 'test',
    command: 'sh',
    args: ['-c', script],
    env: process.env,
    cwd: '/',
    output: { onLine: (line) => lines.push(line) },
  });
  return { child, lines };
}

describe('a child process', () => {
  it('that ignores the signal is killed, and what it started with it', async () => {
    const { child, lines } = await start(stubborn);
    const grandchild = Number((await waitFor(() => lines[0])).split(' ')[1]);
    expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.running()).toBe(false);
    await waitFor(() => !isAlive(grandchild));
    expect(isAlive(child.pid)).toBe(false);
  });

  it('that ends by itself takes what it left behind along', async () => {
    const { child, lines } = await start('sleep 600 & echo "grandchild $!"; exit 3');
    const grandchild = Number((await waitFor(() => lines[0])).split(' ')[1]);
    expect(await child.exit).toEqual({ code: 3, signal: null });
    await waitFor(() => !isAlive(grandchild));
  });

  it('is not reached by the signals of the terminal: it leads a group of its own', async () => {
    const { child } = await start('sleep 600');
    expect(() => process.kill(-child.pid, 0)).not.toThrow();
    await child.kill();
  });

  it('says what could not be run', async () => {
    const nothing = { name: 'nothing', command: '/no/such/program', args: [], env: {}, cwd: '/' };
    await expect(startChild({ ...nothing, output: { onLine: () => {} } })).rejects.toThrow(
      'nothing: cannot run /no/such/program',
    );
  });

  it('is gone, like the temporary folder, soon after its parent was killed with SIGKILL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'taskgraph watchdog-'));
    const script = join(import.meta.dirname, 'startParent.ts');
    const parent = spawn(process.execPath, ['--import', 'tsx', script, folder], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await new Promise<string[]>((resolve) => {
      createInterface({ input: parent.stdout }).once('line', (text) => resolve([text]));
    });
    const [child, , grandchild] = String(line).split(' ').map(Number) as [number, number, number];
    expect(isAlive(child)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor(() => !isAlive(child) && !isAlive(grandchild) && !existsSync(folder), { timeoutMs: 9000 });
  }, 20_000);
});
