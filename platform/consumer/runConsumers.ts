import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { NatsLink } from '../nats/connectNats.ts';
import type { SqlTransaction, TransactionRunner } from '../outbox/transaction.ts';
import type { Scope } from '../service/scope.ts';
import { checkConsumers, registerConsumer } from './checkConsumers.ts';
import { type Consumer, sourceOf } from './defineConsumer.ts';
import type { Handling } from './handleMessage.ts';
import { observeConsumers } from './observeConsumers.ts';
import { rebuild } from './rebuild.ts';
import { renewConsumer } from './renewConsumer.ts';
import { replayDeadLetters } from './replayDeadLetters.ts';
import { type RunningConsumer, runConsumer } from './runConsumer.ts';
import { watchRequests } from './watchRequests.ts';

/** The running consumers of a service. */
export type RunningConsumers = {
  /**
   * False when the projection is not to be relied on: its consumer is cut off from its stream or more than 5 s behind it, or
   * the projection is being rebuilt.
   */
  fresh(name: string): boolean;
};

/**
 * Runs every consumer until the scope closes; each pulls from its own durable consumer. Also replays dead letters and rebuilds
 * projections when an operator asks for it (docs/operating-events.md). Throws when a consumer is not what its kind consists of.
 *
 * With `consume` false (ROLE api) nothing is pulled: it only tells which projections the workers keep fresh.
 */
export function runConsumers<Tx extends SqlTransaction, Deps>(options: {
  consumers: readonly Consumer<Tx, Deps>[];
  deps: Deps;
  prisma: TransactionRunner<Tx>;
  pool: Pool;
  nats: NatsLink;
  log: Logger;
  registry: Registry;
  scope: Scope;
  consume?: boolean;
}): RunningConsumers {
  const { consumers, nats, log, registry, scope, consume = true, ...rest } = options;
  const { pool } = rest;
  checkConsumers(consumers as readonly Consumer<never, never>[]);
  if (!consume) {
    const requests = watchRequests({ pool, log });
    scope.defer('requests', () => requests.stop());
    return { fresh: (name) => nats.connected() && requests.followed(name) && !requests.fenced(name) };
  }

  const outcomes = new Counter({
    name: 'taskgraph_consumed_events_total',
    help: 'Messages by consumer and by what became of them',
    labelNames: ['consumer', 'outcome'],
    registers: [registry],
  });
  const handlings = new Map(
    consumers.map((consumer): [string, Handling<Tx, Deps>] => [consumer.name, { consumer, nats, log, ...rest }]),
  );
  const running = new Map<string, RunningConsumer>();
  for (const [name, handling] of handlings) {
    const onOutcome = (outcome: string) => outcomes.inc({ consumer: name, outcome });
    const consumer = handling.consumer as Consumer<never, never>;
    const prepare = async () => {
      await registerConsumer(pool, consumer);
      await renewConsumer({ consumer, pool, nats, log });
    };
    running.set(name, runConsumer({ handling, nats, source: sourceOf(consumer), prepare, onOutcome }));
  }
  scope.defer('consumers', () => Promise.all([...running.values()].map((one) => one.stop())));
  observeConsumers({ consumers: consumers as readonly Consumer<never, never>[], pool, nats, log, registry });

  const once = singly(log, scope);
  const requests = watchRequests({
    pool,
    log,
    fresh: () => [...running].filter(([, one]) => one.fresh()).map(([name]) => name),
    onReplay(name) {
      const handling = handlings.get(name);
      if (handling) once(`replay ${name}`, () => replayDeadLetters(handling));
    },
    onRebuild(name) {
      const handling = handlings.get(name);
      const consumer = handling?.consumer;
      if (!handling || consumer?.kind !== 'state') return;
      once(`rebuild ${name}`, () => rebuild({ handling, consumer, nats, signal: scope.signal }));
    },
  });
  scope.defer('requests', () => requests.stop());
  return { fresh: (name) => (running.get(name)?.fresh() ?? false) && !requests.fenced(name) };
}

/** Runs each piece of work that has a name once at a time; the scope waits for what runs. */
function singly(log: Logger, scope: Scope): (name: string, work: () => Promise<unknown>) => void {
  const active = new Map<string, Promise<unknown>>();
  scope.defer('requested work', () => Promise.all(active.values()));
  return (name, work) => {
    if (active.has(name) || scope.signal.aborted) return;
    const working = work()
      .catch((error) => log.warn({ err: error, work: name }, 'What was asked for failed; trying again'))
      .finally(() => active.delete(name));
    active.set(name, working);
  };
}
