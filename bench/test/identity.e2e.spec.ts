import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';

// Times are for the bench to print: here only what was counted.
describe('npm run bench -- identity', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the figures as they are printed
  let figures: any;
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'bench/main.ts', 'identity', '--smoke'],
      { cwd: root, maxBuffer: 10_000_000 },
    );
    figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  }, 240_000);

  it('prints its figures as one JSON object in the last line', () => {
    expect(figures).toMatchObject({ bench: 'identity', size: 'smoke' });
  });

  it('verifies tokens, and signs and checks calls, with and without', () => {
    expect(figures.tokens).toMatchObject({ tokens: 10, seen: { calls: 500 }, first: { calls: 20 } });
    expect(Object.keys(figures.calls)).toEqual(['query', 'a list of 100', 'mutation']);
    for (const { calls } of Object.values<{ calls: number }>(figures.calls)) expect(calls).toBe(100);
  });

  it('lets more log in than there is room for: some are refused with TOO_BUSY, and me is answered', () => {
    const { idle, storm, logins } = figures.storm;
    expect([idle.failed, storm.failed]).toEqual([0, 0]);
    expect(logins.perSecond).toBeGreaterThan(0);
    expect(logins.refused).toBeGreaterThan(0);
    expect(logins.mostRetryAfter).toBeGreaterThan(0);
  });

  it('gets the same body for accounts that are there and that are not', () => {
    expect(figures.enumeration).toMatchObject({
      login: { accounts: 4, bodies: 1 },
      reset: { accounts: 4, bodies: 1 },
    });
  });
});
