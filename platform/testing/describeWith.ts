import { describe } from '@jest/globals';
import { isInstalled } from './isInstalled.ts';

/**
 * `describe` for tests that need a program which no npm package brings along. Where it is missing they are skipped, and
 * say why and where the way to install it is; in CI, which installs it, they run, and fail without it.
 */
export function describeWith(program: string, what: string, tests: () => void): void {
  if (process.env.CI || isInstalled(program)) {
    describe(what, tests);
    return;
  }
  const reason = `skipped: there is no ${program} here; deploy/README.md#what-the-tests-need has the way to install it`;
  // Skipped tests are not listed when more than one file runs.
  process.stderr.write(`${what}: ${reason}\n`);
  describe.skip(`${what} (${reason})`, tests);
}
