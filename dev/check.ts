import { type Part, parts } from './check/parts.ts';
import { type PartResult, runPart } from './check/runPart.ts';
import { renderSummary } from './check/summary.ts';

/**
 * `npm test`: every part of the checks, or those that are named (`npm test -- lint unit`). A part that fails doesn't
 * keep the next ones from running. Exits with 1 when any has failed.
 */
async function check(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = parts.map(({ name, what }) => `  ${name.padEnd(12)} ${what}`).join('\n');
    console.error(
      `There is no part ${unknown.join(', ')}. The parts:\n${known}\nOne file: npm run jest -- path/to/file`,
    );
    return 2;
  }
  const chosen: Part[] = names.length > 0 ? parts.filter(({ name }) => names.includes(name)) : parts;
  const results: PartResult[] = [];
  for (const part of chosen) {
    console.log(`\n▸ ${part.what}`);
    const result = await runPart(part);
    console.log(`${result.ok ? '✓' : '✗'} ${part.what}: ${(result.ms / 1000).toFixed(1)} s`);
    results.push(result);
  }
  console.log(renderSummary(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

process.exitCode = await check(process.argv.slice(2));
