import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { scenarios } from './scenarios.ts';
import { runScenario } from './stage/runScenario.ts';
import { type Ground, startGround } from './stage/startStage.ts';

const seed = Math.floor(Math.random() * 1_000_000) + 1;

// The short version of each; `npm run faults -- <name>` is the full one. Those that need the same share what they play on.
describe.each(['system', 'servers'] as const)('faults, on the %s', (needs) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await startGround(needs);
  }, 120_000);
  afterAll(() => ground?.close(), 30_000);

  it.each(scenarios.filter((scenario) => scenario.needs === needs))(
    '$name: $title',
    async (scenario) => {
      const { passed, lines } = await runScenario({ scenario, ground, size: scenario.short, seed });
      if (!passed) throw new Error(lines.join('\n'));
    },
    180_000,
  );
});
