import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureExplorer } from '#dev/ensureExplorer.ts';
import { ensurePrismaClients } from '#dev/prismaClients.ts';
import { findServers } from '#dev/servers/findBinary.ts';
import { root } from '#platform/root.ts';
import { sharePackages } from '../../e2e/sharePackages.ts';
import { createNpm, type NpmRun } from '../../e2e/start/createNpm.ts';
import { stillRunning } from '../../e2e/start/processTree.ts';
import type { Bench, Size } from '../main.ts';
import { percentile, round, showSpread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';

const rounds: Record<Size, number> = { full: 7, short: 2, smoke: 1 };

/** From the issue: how many seconds each may take. */
const budgets = { first: 20, second: 10, stop: 10 };

/** What was measured of one start, in seconds. */
type Start = { ready: number; stop: number; steps: Map<string, number> };

/**
 * How long `npm start` takes from the command to its box: on an empty data folder, and on yesterday's; and how long a
 * Ctrl-C takes to leave nothing behind. First and second starts take turns.
 */
export const benchStart: Bench = async ({ size, print }) => {
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  const busy = load > cores / 2 ? ': others are at work, expect worse' : '';
  print(`${cores} cores; load ${load.toFixed(1)} before the start${busy}\n`);
  // What `npm ci` leaves behind, and the servers' packages, are there before the clock starts.
  await Promise.all([ensurePrismaClients(), ensureExplorer()]);
  const env = { ...process.env, REDIS_URL: '', NATS_URL: '' };
  await findServers(['redis', 'nats'], { env, packagesDir: join(root, '.data/packages') });

  const npm = createNpm();
  const leave = () => void npm.killAll().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const starts: { first: Start[]; second: Start[] } = { first: [], second: [] };
  for (let count = 1; count <= rounds[size]; count++) {
    const folder = mkdtempSync(join(tmpdir(), 'taskgraph-bench-'));
    try {
      const dataDir = join(folder, 'data');
      sharePackages(dataDir);
      for (const which of ['first', 'second'] as const) starts[which].push(await measure(npm, dataDir));
    } finally {
      await npm.killAll();
      rmSync(folder, { recursive: true, force: true });
    }
    const [first, second] = [starts.first.at(-1), starts.second.at(-1)];
    print(`round ${count}: first ${first?.ready.toFixed(1)} s, second ${second?.ready.toFixed(1)} s`);
  }

  const figures = {
    first: figuresOf(starts.first, budgets.first),
    second: figuresOf(starts.second, budgets.second),
    stop: spreadOf([...starts.first, ...starts.second].map(({ stop }) => stop)),
  };
  print(`\nseconds, the steps side by side\n${showSteps(starts)}\n`);
  for (const which of ['first', 'second'] as const) {
    const { seconds, ofBudget } = figures[which];
    print(`${which} start  ${showSpread(seconds)} s: ${ofBudget} of the ${budgets[which]} s that it may take`);
  }
  print(`stop  ${showSpread(figures.stop)} s: ${round(figures.stop.median / budgets.stop)} of ${budgets.stop} s\n`);
  return { machine: { cores, load: round(load) }, rounds: rounds[size], budgets, ...figures };
};

async function measure(npm: ReturnType<typeof createNpm>, dataDir: string): Promise<Start> {
  const begin = performance.now();
  const started = await npm.run('start', { cwd: root, dataDir });
  const ready = (performance.now() - begin) / 1000;
  const stopping = performance.now();
  process.kill(-(started.process.pid as number), 'SIGINT');
  while (stillRunning(started.tree).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return { ready, stop: (performance.now() - stopping) / 1000, steps: stepsOf(started) };
}

/** The lines of the progress list: `✔ Postgres (1.8 s, new cluster)`. */
function stepsOf({ output }: NpmRun): Map<string, number> {
  return new Map(
    [...output().matchAll(/^✔ (.+) \((\d+\.\d) s/gm)].map(([, title, seconds]) => [title as string, Number(seconds)]),
  );
}

function figuresOf(starts: Start[], budget: number) {
  const seconds = spreadOf(starts.map(({ ready }) => ready));
  return { seconds, ofBudget: round(seconds.median / budget) };
}

function showSteps({ first, second }: { first: Start[]; second: Start[] }): string {
  const median = (starts: Start[], title: string) =>
    percentile(
      starts.map(({ steps }) => steps.get(title) ?? 0),
      0.5,
    );
  const titles = [...(first[0]?.steps.keys() ?? [])];
  return table(
    ['step', 'first', 'second'],
    titles.map((title) => [title, median(first, title), median(second, title)]),
  );
}
