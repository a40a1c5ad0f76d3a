import type { PartResult } from './runPart.ts';

/** The end of a run: a line a part, and last the closing line with the counts of all. */
export function renderSummary(results: PartResult[]): string {
  const width = Math.max(...results.map(({ part }) => part.what.length));
  const lines = results.map(({ part, ok, ms, ...counts }) => {
    const line = `${ok ? '✓' : '✗'} ${part.what.padEnd(width)} ${seconds(ms).padStart(8)}`;
    return part.tests ? `${line}   ${renderCounts(counts)}` : line;
  });
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += result[key];
  return `\n${lines.join('\n')}\n\n${renderCounts(total)}`;
}

function renderCounts({ passed, failed, skipped }: Pick<PartResult, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
