import type { ConsumerMessages, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { NatsLink } from '../nats/connectNats.ts';
import { ensureConsumer, ensureStream } from '../nats/streams.ts';
import type { SqlTransaction, TransactionRunner } from '../outbox/transaction.ts';
import type { Scope } from '../service/scope.ts';
import { type Consumer, sourceOf } from './defineConsumer.ts';
import { type Handling, handleMessage } from './handleMessage.ts';

/** It also sets how long an event waits after its consumer was killed. Long handling extends it. */
const ackWaitMs = 5_000;
const concurrency = 8;
const outagePauseMs = 500;
const verifyMs = 60_000;
/** A projection further behind than this is not relied on: its owner is asked. */
const freshMs = 5_000;

/** The running consumers of a service. */
export type RunningConsumers = {
  /** False when the consumer is cut off from its stream or more than 5 s behind it. */
  fresh(name: string): boolean;
};

/** Runs every consumer until the scope closes; each pulls from its own durable consumer. */
export function runConsumers<Tx extends SqlTransaction, Deps>(options: {
  consumers: readonly Consumer<Tx, Deps>[];
  deps: Deps;
  prisma: TransactionRunner<Tx>;
  pool: Pool;
  nats: NatsLink;
  log: Logger;
  registry: Registry;
  scope: Scope;
}): RunningConsumers {
  const { consumers, nats, log, registry, scope, ...rest } = options;
  const outcomes = new Counter({
    name: 'taskgraph_consumed_events_total',
    help: 'Messages by consumer and by what became of them',
    labelNames: ['consumer', 'outcome'],
    registers: [registry],
  });
  const running = new Map(
    consumers.map((consumer) => {
      const handling = { consumer, log, ...rest };
      return [
        consumer.name,
        runConsumer({ handling, nats, count: (outcome) => outcomes.inc({ consumer: consumer.name, outcome }) }),
      ];
    }),
  );
  scope.defer('consumers', () => Promise.all([...running.values()].map((one) => one.stop())));
  return { fresh: (name) => running.get(name)?.fresh() ?? false };
}

function runConsumer<Tx extends SqlTransaction, Deps>(options: {
  handling: Handling<Tx, Deps>;
  nats: NatsLink;
  count: (outcome: string) => void;
}) {
  const { handling, nats, count } = options;
  const { consumer, log } = handling;
  const source = sourceOf(consumer as Consumer<never, never>);
  const stopping = new AbortController();
  const active = new Set<Promise<void>>();
  const arrivals = new Map<JsMsg, number>();
  let messages: ConsumerMessages | null = null;
  let pausedUntil = 0;

  const handle = async (message: JsMsg) => {
    const extending = setInterval(() => message.working(), ackWaitMs / 2);
    try {
      const outcome = await handleMessage(handling, message);
      if (outcome === 'outage') pausedUntil = Date.now() + outagePauseMs;
      count(outcome);
    } finally {
      clearInterval(extending);
      arrivals.delete(message);
    }
  };

  const declare = async (manager: JetStreamManager) => {
    const outcome = await ensureConsumer(manager, { ...source, name: consumer.name, ackWaitMs });
    if (outcome === 'remade') log.error({ consumer: consumer.name }, 'The consumer was ahead of its stream; made anew');
  };

  const pull = async () => {
    const manager = nats.manager();
    const client = nats.jetstream();
    if (!manager || !client) return;
    await ensureStream(manager, source.stream);
    await declare(manager);
    const durable = await client.consumers.get(source.stream, consumer.name);
    messages = await durable.consume({ max_messages: 200, abort_on_missing_resource: true });
    if (stopping.signal.aborted) await messages.close();
    for await (const message of messages) {
      if (stopping.signal.aborted) break;
      arrivals.set(message, message.time.getTime());
      await rest(pausedUntil - Date.now(), stopping.signal);
      while (active.size >= concurrency) await Promise.race(active);
      const handled: Promise<void> = handle(message)
        .catch((error) => log.error({ err: error, consumer: consumer.name }, 'A message could not be settled'))
        .finally(() => active.delete(handled));
      active.add(handled);
    }
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await nats.whenConnected(stopping.signal);
      if (stopping.signal.aborted) break;
      try {
        await pull();
      } catch (error) {
        log.warn({ err: error, consumer: consumer.name }, 'A consumer lost its stream; trying again');
      }
      messages = null;
      await rest(250, stopping.signal);
    }
  })();

  // What a reconnect may have changed is looked at from the start; and each minute, should nobody notice a change.
  const stopFollowing = nats.onConnect(() => void messages?.close());
  const timer = setInterval(() => {
    const manager = nats.manager();
    if (!manager || !messages || !nats.connected()) return;
    declare(manager).catch((error) =>
      log.warn({ err: error, consumer: consumer.name }, 'A consumer could not be verified'),
    );
  }, verifyMs);

  return {
    fresh() {
      const oldest = Math.min(...arrivals.values(), Number.POSITIVE_INFINITY);
      return nats.connected() && messages !== null && Date.now() - oldest < freshMs;
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      stopFollowing();
      await messages?.close();
      await loop;
      await Promise.all(active);
    },
  };
}

/** Waits, unless the signal aborts first. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
