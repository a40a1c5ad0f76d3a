import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import type { Part } from './parts.ts';

/** How a part went; a part that is no test run counts as one. */
export type PartResult = { part: Part; ok: boolean; ms: number; passed: number; failed: number; skipped: number };

/** What is read of jest's --json: https://jestjs.io/docs/configuration#testresultsprocessor-string */
type JestResult = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
};

/** Runs a part; what it prints goes through as it comes. */
export async function runPart(part: Part): Promise<PartResult> {
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'taskgraph-check-'));
  const file = join(folder, 'jest.json');
  try {
    const code = await run(part.tests ? [...part.command, '--json', `--outputFile=${file}`] : part.command);
    const counts = part.tests
      ? readCounts(file)
      : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    const ok = code === 0 && counts.failed === 0 && counts.passed > 0;
    // Whatever fails without a failed test (no test at all, an error at the end) is a failure that has to show.
    if (!ok && counts.failed === 0) counts.failed = 1;
    return { part, ok, ms: performance.now() - start, ...counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    // Ctrl-C reaches the child by itself, as it is in the terminal's group; a TERM doesn't.
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

function readCounts(file: string): { passed: number; failed: number; skipped: number } {
  let result: JestResult;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return {
    passed: result.numPassedTests,
    // A file that doesn't even load has no tests that could fail.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
