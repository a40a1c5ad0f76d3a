import type { Stage } from './startStage.ts';

/** What can be made bigger or smaller: kills, calls, events. Each is a flag of the command. */
export type Size = Record<string, number>;

/** A fault, what it is done to, and what has to hold afterwards. */
export type Scenario<S extends Size = Size> = {
  /** What it is called on the command line. */
  name: string;
  /** What it does, in one line. */
  title: string;
  /** The whole system, or only its servers, on which the scenario runs programs of its own. */
  needs: 'system' | 'servers';
  /** As it proves something; takes minutes. */
  full: S;
  /** As part of `npm test`; takes seconds. */
  short: S;
  run(stage: Stage, size: S): Promise<void>;
};

/** Declares a scenario. */
export function defineScenario<Names extends string>(scenario: Scenario<Record<Names, number>>): Scenario {
  return scenario as unknown as Scenario;
}
