import { createScope } from '#platform/service/scope.ts';
import type { Scenario, Size } from './defineScenario.ts';
import { createRandom } from './random.ts';
import { createReport } from './report.ts';
import type { Ground } from './startStage.ts';

/** How a scenario went. */
export type Verdict = { passed: boolean; lines: string[] };

/** Plays a scenario on a ground and says how it went. A scenario that throws has failed. */
export async function runScenario(options: {
  scenario: Scenario;
  ground: Ground;
  size: Size;
  seed: number;
  print?: (line: string) => void;
}): Promise<Verdict> {
  const { scenario, ground, size, seed, print = () => {} } = options;
  const report = createReport(print);
  const scope = createScope({ seconds: 20 });
  const start = performance.now();
  let thrown: unknown;
  report.did(`${scenario.title} (${describe(size)})`);
  try {
    await scenario.run({ ...ground, ...report, random: createRandom(seed), scope }, size);
  } catch (error) {
    thrown = error;
    report.check(`it ran to its end: ${error instanceof Error ? error.stack : String(error)}`, false);
  }
  await scope.close();
  if (thrown !== undefined) await restore(ground).catch(() => {});
  const passed = thrown === undefined && report.broken().length === 0;
  const seconds = Math.round((performance.now() - start) / 1000);
  const last = `${passed ? 'PASS' : 'FAIL'} ${scenario.name}: ${report.summary()} [${seconds} s, seed ${seed}]`;
  print(last);
  return { passed, lines: [...report.lines(), last] };
}

/** Starts whatever a scenario that broke off has left dead, for the one that comes next. */
async function restore({ system, services, mail }: Ground): Promise<void> {
  mail.refuse(false);
  for (const server of Object.values(system.servers)) await server?.start();
  for (const name of services) await system.startService(name);
}

const describe = (size: Size): string =>
  Object.entries(size)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
