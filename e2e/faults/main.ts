import { cpSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '#platform/root.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario, Size } from './stage/defineScenario.ts';
import { runScenario } from './stage/runScenario.ts';
import { startGround } from './stage/startStage.ts';

const usage = `npm run faults -- <name> [--short] [--seed=<number>] [--<size>=<number> …]
npm run faults -- all [--short] [--seed=<number>]
`;

function list(): void {
  console.log(usage);
  for (const { name, title, full } of scenarios) {
    const sizes = Object.entries(full).map(([size, value]) => `--${size}=${value}`);
    console.log(`  ${name.padEnd(17)} ${title}\n  ${' '.repeat(17)} ${sizes.join(' ')}`);
  }
}

/** The size that was asked for: full or short, and what the flags change of it. */
function sizeOf(scenario: Scenario, flags: Record<string, unknown>): Size {
  const size = { ...(flags.short ? scenario.short : scenario.full) };
  for (const name of Object.keys(size)) if (flags[name] !== undefined) size[name] = wholeNumber(name, flags[name]);
  return size;
}

function wholeNumber(name: string, value: unknown): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a number from 1, not ${value}`);
  return number;
}

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      short: { type: 'boolean' },
      seed: { type: 'string' },
      ...Object.fromEntries(
        scenarios.flatMap(({ full }) => Object.keys(full).map((n) => [n, { type: 'string' as const }])),
      ),
    },
  });
  const flags: Record<string, unknown> = values;
  const [name] = positionals;
  const chosen = name === 'all' ? scenarios : scenarios.filter((one) => one.name === name);
  if (name !== undefined && chosen.length === 0) throw new Error(`No scenario is called ${name}`);
  for (const flag of Object.keys(flags)) {
    const known = flag === 'short' || flag === 'seed' || chosen.some(({ full }) => flag in full);
    if (!known) throw new Error(`${name} has no size called ${flag}`);
  }
  const seed = flags.seed === undefined ? Math.floor(Math.random() * 1_000_000) + 1 : wholeNumber('seed', flags.seed);
  return { chosen, flags, seed };
}

/** Runs one scenario on a ground of its own. */
async function play(scenario: Scenario, size: Size, seed: number): Promise<boolean> {
  console.log(`${scenario.name} (seed ${seed})`);
  const ground = await startGround(scenario.needs);
  const leave = () => void ground.close().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    const { passed } = await runScenario({ scenario, ground, size, seed, print: console.log });
    if (!passed) {
      const logs = path.join(root, '.data/faults', `${scenario.name}-${seed}`);
      cpSync(path.join(ground.system.dataDir, 'logs'), logs, { recursive: true });
      console.log(`The logs of what ran are in ${logs}`);
    }
    return passed;
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    await ground.close();
  }
}

async function main(): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  if (asked.chosen.length === 0) {
    list();
    return 0;
  }
  const failed: string[] = [];
  for (const scenario of asked.chosen) {
    if (!(await play(scenario, sizeOf(scenario, asked.flags), asked.seed))) failed.push(scenario.name);
  }
  if (asked.chosen.length > 1) {
    console.log(failed.length === 0 ? `PASS all ${asked.chosen.length}` : `FAIL ${failed.join(', ')}`);
  }
  return failed.length === 0 ? 0 : 1;
}

process.exit(await main());
