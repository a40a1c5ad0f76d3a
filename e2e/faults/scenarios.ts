import { killNats } from './killNats.ts';
import { killPostgres } from './killPostgres.ts';
import { killTasks } from './killTasks.ts';
import type { Scenario } from './stage/defineScenario.ts';

/** All of them, in the order in which `npm run faults -- all` runs them. */
export const scenarios: readonly Scenario[] = [killTasks, killNats, killPostgres];
