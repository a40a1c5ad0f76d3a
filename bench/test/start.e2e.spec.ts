import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';

// How fast it is, is for the bench to print: here only that it measures both starts and says so in its last line.
it('npm run bench -- start measures a first and a second start, step by step', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'bench/main.ts', 'start', '--smoke'],
    { cwd: root },
  );
  const spread = { median: expect.any(Number), low: expect.any(Number), high: expect.any(Number) };
  const start = { seconds: spread, ofBudget: expect.any(Number) };
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    bench: 'start',
    size: 'smoke',
    rounds: 1,
    first: start,
    second: start,
    stop: spread,
  });
  for (const step of ['Postgres', 'Databases migrated', 'Service gateway', 'Demo data']) expect(stdout).toContain(step);
}, 120_000);
