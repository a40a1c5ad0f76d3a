import { flushRedis } from './flushRedis.ts';
import { frozenConsumer } from './frozenConsumer.ts';
import { killNats } from './killNats.ts';
import { killPostgres } from './killPostgres.ts';
import { killRelay } from './killRelay.ts';
import { killTasks } from './killTasks.ts';
import { lateCommit } from './lateCommit.ts';
import { loseStream } from './loseStream.ts';
import { poisonEvent } from './poisonEvent.ts';
import type { Scenario } from './stage/defineScenario.ts';
import { threeRelays } from './threeRelays.ts';

/** All of them, in the order in which `npm run faults -- all` runs them. */
export const scenarios: readonly Scenario[] = [
  killTasks,
  killRelay,
  lateCommit,
  threeRelays,
  killNats,
  loseStream,
  poisonEvent,
  frozenConsumer,
  killPostgres,
  flushRedis,
];
