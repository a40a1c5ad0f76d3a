import type { ConsumerMessages, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsLink } from '../nats/connectNats.ts';
import { ensureConsumer } from '../nats/consumers.ts';
import { ensureStream } from '../nats/streams.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import { KindChanged } from './checkConsumers.ts';
import { handleBatch } from './handleBatch.ts';
import type { Handling, Outcome } from './handleMessage.ts';
import { NotRenewed } from './renewConsumer.ts';
import { rest } from './rest.ts';
import { takesSeveral } from './takeEffect.ts';

/** It also sets how long an event waits after its consumer was killed. Long handling extends it. */
const ackWaitMs = 5_000;
/** How many are handled side by side: events, or batches of them where the consumer takes several at once, or gathers them. */
const lanesOf = { one: 8, several: 4, gathered: 1 };
/** What takes longer than this leaves its lane to others, and goes on beside them; so many at a time. */
const laneMs = 100;
const mostBeside = 8;
/** How long is gathered, after a batch, what comes for the next one: state consumers do, since nobody waits for a projection. */
const gatherMs = 10;
/**
 * How many events are asked for ahead. What waits here is not extended: at 200, a machine so busy that it handled fewer than 40
 * a second was sent what it had once more, which was a third of its work.
 */
const prefetch = 64;
/** How many events a batch has at most. */
const batchSize = 64;
const outagePauseMs = 500;
const verifyMs = 60_000;
/** A projection further behind than this is not relied on: its owner is asked. */
const freshMs = 5_000;
/**
 * What waits when a consumer begins is waited for before anybody relies on it, for as long as this: after that others have had
 * it, or what is handled is seen to be old.
 */
const arrivingMs = 1_000;

/** A consumer that pulls. */
export type RunningConsumer = {
  /** False when it is cut off from its stream or more than 5 s behind it, and while it begins with events that wait. */
  fresh(): boolean;
  /** Waits for what is being handled. */
  stop(): Promise<void>;
};

/** Pulls from one durable consumer, which it declares, until it is stopped; through outages of NATS and of what handlers need. */
export function runConsumer<Tx extends SqlTransaction, Deps>(options: {
  handling: Handling<Tx, Deps>;
  nats: NatsLink;
  /** Where the events come from. */
  source: { stream: string; subjects: readonly string[]; cover: string };
  /** Runs before the first pull, and again until it succeeds. */
  prepare?: () => Promise<void>;
  onOutcome: (outcome: Outcome) => void;
}): RunningConsumer {
  const { handling, nats, source, prepare, onOutcome } = options;
  const { consumer, log } = handling;
  const metadata = { owner: consumer.name.split('-')[0] as string, kind: consumer.kind };
  const durable = { ...source, name: consumer.name, ackWaitMs, metadata };
  const stopping = new AbortController();
  const active = new Set<Promise<void>>();
  /** What is being handled, and when it was published. */
  const arrivals = new Map<JsMsg, number>();
  const extending = setInterval(() => {
    for (const message of arrivals.keys()) message.working();
  }, ackWaitMs / 3);
  let prepared = prepare === undefined;
  let messages: ConsumerMessages | null = null;
  let pausedUntil = 0;
  /** How many events waited when it began, and are not handled yet; and how long that counts. */
  let waiting = 0;
  let freshFrom = 0;

  const several = takesSeveral(consumer);
  const gathered = consumer.kind === 'state' || consumer.gathers === true;
  const lanes = lanesOf[gathered ? 'gathered' : several ? 'several' : 'one'];
  /** What has arrived and isn't being handled yet. */
  const queue: JsMsg[] = [];

  /** What has left its lane. */
  const beside = new Set<Promise<void>>();

  const settle = (message: JsMsg, outcome: Outcome) => {
    if (outcome === 'outage') pausedUntil = Date.now() + outagePauseMs;
    if (!arrivals.delete(message)) return;
    waiting -= 1;
    onOutcome(outcome);
  };
  const handle = async (batch: readonly JsMsg[]) => {
    try {
      await handleBatch(handling, batch, settle);
    } catch (error) {
      log.error({ err: error, consumer: consumer.name }, 'Messages could not be settled');
    } finally {
      for (const message of batch) if (arrivals.delete(message)) waiting -= 1;
    }
  };
  /** Handles a batch, for as long as it may keep a lane. */
  const inLane = async (batch: readonly JsMsg[]) => {
    await rest(pausedUntil - Date.now(), stopping.signal);
    if (stopping.signal.aborted) {
      queue.push(...batch);
      return;
    }
    const done = new AbortController();
    const handled: Promise<void> = handle(batch).finally(() => {
      done.abort();
      beside.delete(handled);
    });
    if (several) await rest(laneMs, done.signal);
    else await handled;
    if (!done.signal.aborted) beside.add(handled);
    while (beside.size > mostBeside) await Promise.race(beside);
    if (gathered && queue.length < batchSize) await rest(gatherMs, stopping.signal);
  };
  /** Gives each lane that is free what has arrived. */
  const fill = () => {
    while (active.size < lanes && queue.length > 0 && !stopping.signal.aborted) {
      const handled: Promise<void> = inLane(queue.splice(0, several ? batchSize : 1)).finally(() => {
        active.delete(handled);
        fill();
      });
      active.add(handled);
    }
  };

  const declare = (manager: JetStreamManager) => ensureConsumer(manager, durable, nats.features(), log);

  const pull = async () => {
    if (!prepared) await prepare?.();
    prepared = true;
    const manager = nats.manager();
    const client = nats.jetstream();
    if (!manager || !client) return;
    await ensureStream(manager, source.stream, log);
    await declare(manager);
    const pulled = await client.consumers.get(source.stream, consumer.name);
    if (stopping.signal.aborted) return;
    const { num_pending: pending, num_ack_pending: unsettled } = await pulled.info(true);
    waiting = pending + unsettled;
    freshFrom = performance.now() + arrivingMs;
    messages = await pulled.consume({ max_messages: prefetch, abort_on_missing_resource: true });
    // Not awaited: it ends with the iteration below, and only with that.
    if (stopping.signal.aborted) void messages.close();
    for await (const message of messages) {
      queue.push(message);
      if (stopping.signal.aborted) continue;
      arrivals.set(message, message.time.getTime());
      // Together with all that has come in the same turn of the event loop.
      if (queue.length === 1) setImmediate(fill);
      if (queue.length < batchSize) continue;
      fill();
      while (queue.length >= batchSize && !stopping.signal.aborted) await Promise.race(active);
    }
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await nats.whenConnected(stopping.signal);
      if (stopping.signal.aborted) break;
      let pause = 250;
      try {
        await pull();
      } catch (error) {
        if (error instanceof KindChanged) pause = verifyMs;
        if (error instanceof NotRenewed) pause = 1_000;
        const level = error instanceof KindChanged ? 'error' : 'warn';
        log[level]({ err: error, consumer: consumer.name }, 'A consumer cannot pull; trying again');
      }
      messages = null;
      await rest(pause, stopping.signal);
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
      const arrived = waiting <= 0 || performance.now() >= freshFrom;
      return nats.connected() && messages !== null && arrived && Date.now() - oldest < freshMs;
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      stopFollowing();
      await messages?.close();
      await loop;
      await Promise.all([...active, ...beside]);
      // Others need not wait until it is taken for lost. Nothing asks for messages here any more: it would get them.
      for (const message of queue.splice(0)) message.nak();
      clearInterval(extending);
    },
  };
}
