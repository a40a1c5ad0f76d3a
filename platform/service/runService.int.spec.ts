import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, jest } from '@jest/globals';
import { testScope, waitFor } from '#platform/testing/index.ts';
import type { Line } from './test/startSample.ts';

// Each test starts a process, on a machine that may be busy with others.
jest.setTimeout(30_000);

const script = join(import.meta.dirname, 'test/sampleService.ts');

describe('runService', () => {
  const scope = testScope('each');

  function start(mode = '', env: Record<string, string> = {}) {
    const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, mode], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LOG_LEVEL: 'info', ...env },
    });
    const lines: Line[] = [];
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      lines.push(JSON.parse(line)),
    );
    const exited = once(child, 'exit') as Promise<[number | null]>;
    scope.defer('child', () => child.kill('SIGKILL'));
    const messages = () => lines.map((line) => line.msg);
    const find = (message: string) => waitFor(() => lines.find((line) => line.msg === message));
    return { child, lines, messages, find, exited };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s is not ready any more, then drains in order', async (signal) => {
    const { child, find, messages, lines, exited } = start();
    const { url } = await find('listening');
    const slow = fetch(`${url}/slow`);
    await find('slow has begun');
    child.kill(signal);
    await find('workers released');
    expect(messages()).not.toContain('postgres released');
    child.stdin?.write('finish\n');
    expect(await (await slow).text()).toBe('finished');
    expect((await exited)[0]).toBe(0);
    expect(messages().slice(2)).toEqual(['stopping', 'workers released', 'postgres released', 'stopped']);
    expect(lines.find((line) => line.msg === 'workers released')).toMatchObject({ readyz: 503 });
  });

  it('exits at once on a second signal', async () => {
    const { child, find, exited } = start('hangs');
    await find('listening');
    child.kill('SIGTERM');
    await find('workers released');
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(1);
  });

  it('does not stop for longer than 10 s, whatever hangs', async () => {
    const { child, find, messages, exited } = start('hangs');
    await find('listening');
    const start_ = performance.now();
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
    expect(performance.now() - start_).toBeLessThan(10_000);
    expect(messages()).toContain('postgres released');
  });

  it.each([
    ['a start that fails', 'fails', 'the start failed'],
    ['a rejection that nobody handles', 'rejects', 'unhandled rejection'],
    ['an exception that nobody catches', 'throws', 'uncaught exception'],
  ])('logs %s and exits with 1', async (_name, mode, message) => {
    const { lines, exited } = start(mode);
    expect((await exited)[0]).toBe(1);
    await waitFor(() => lines.some((line) => line.msg === message));
    expect(lines.find((line) => line.msg === message)).toMatchObject({ level: 'fatal', service: 'sample' });
  });

  it('leaves with its parent when told to watch it, also when the parent is killed', async () => {
    const { child, find, exited } = start('', { WATCH_PARENT: '1' });
    await find('listening');
    child.stdin?.destroy();
    await find('stopping');
    expect((await exited)[0]).toBe(0);
  });

  it('does not mind a closed stdin otherwise', async () => {
    const { child, find, exited } = start();
    child.stdin?.destroy();
    const { url } = await find('listening');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
  });
});
