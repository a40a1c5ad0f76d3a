import { describe, expect, it } from '@jest/globals';
import { type PartResult, runPart } from './runPart.ts';
import { renderSummary } from './summary.ts';

/** A part whose command writes `json` where jest would, and exits with `code`. */
function testsThat(json: object | null, code: number) {
  const program = `
    const file = process.argv.find((one) => one.startsWith('--outputFile=')).slice('--outputFile='.length);
    const json = ${JSON.stringify(json)};
    if (json) require('node:fs').writeFileSync(file, JSON.stringify(json));
    process.exit(${code});`;
  return { name: 'unit', what: 'unit tests', tests: true, command: ['-e', program, '--'] };
}

const counts = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('runPart', () => {
  it('counts a part that is no test run as one', async () => {
    const part = { name: 'lint', what: 'lint', command: ['-e', 'process.exit(0)'] };
    expect(await runPart(part)).toMatchObject({ ok: true, passed: 1, failed: 0 });
    expect(await runPart({ ...part, command: ['-e', 'process.exit(3)'] })).toMatchObject({
      ok: false,
      passed: 0,
      failed: 1,
    });
  });

  it('reads the counts of a test run', async () => {
    expect(await runPart(testsThat(counts, 0))).toMatchObject({ ok: true, passed: 3, failed: 0, skipped: 1 });
  });

  it.each([
    ['a failed test', { ...counts, numFailedTests: 2 }, 1, { passed: 3, failed: 2 }],
    ['a failed test, with the exit code lost', { ...counts, numFailedTests: 2 }, 0, { passed: 3, failed: 2 }],
    ['a file that does not load', { ...counts, numRuntimeErrorTestSuites: 1 }, 1, { passed: 3, failed: 1 }],
    ['an error after the tests', counts, 1, { passed: 3, failed: 1 }],
    ['no test', { ...counts, numPassedTests: 0 }, 0, { passed: 0, failed: 1 }],
    ['no result', null, 0, { passed: 0, failed: 1 }],
  ])('fails for %s', async (_, json, code, expected) => {
    expect(await runPart(testsThat(json, code))).toMatchObject({ ok: false, ...expected });
  });
});

describe('renderSummary', () => {
  it('ends with the counts of all parts', () => {
    const result = (what: string, result: Partial<PartResult>): PartResult => ({
      part: { name: what, what, command: [], tests: what.includes('tests') },
      ok: true,
      ms: 1234,
      passed: 1,
      failed: 0,
      skipped: 0,
      ...result,
    });
    const lines = renderSummary([
      result('lint', {}),
      result('unit tests', { passed: 40, skipped: 2 }),
      result('types', { ok: false, passed: 0, failed: 1 }),
    ])
      .trimEnd()
      .split('\n');
    expect(lines.slice(1)).toEqual([
      '✓ lint          1.2 s',
      '✓ unit tests    1.2 s   40 passed, 0 failed, 2 skipped',
      '✗ types         1.2 s',
      '',
      '41 passed, 1 failed, 2 skipped',
    ]);
  });
});
