import type { JsMsg } from '@nats-io/jetstream';
import { isConnectionError } from '../database/errors.ts';
import { decodeEnvelope, parseEvent } from '../outbox/envelope.ts';
import type { DomainEvent, EventContract } from '../outbox/event.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import {
  followUp,
  type Handling,
  handleMessage,
  isOnlySaidAgain,
  type Outcome,
  outageDelayMs,
  settled,
} from './handleMessage.ts';
import { forgetFailures } from './inbox.ts';
import { type PreparedEvent, prepareEvent, type Taken, takeEffects, takesSeveral } from './takeEffect.ts';

/** How many are handled side by side when they are handled one by one. */
const abreast = 8;

/**
 * Handles messages to their end, as {@link handleMessage} does with each, but the effects of all in one transaction, where the
 * consumer takes several: under load that spares most of the work. Where anything is in the way of one of them (no event, had
 * before, a handler that fails), nothing has happened, and each is handled by itself.
 */
export async function handleBatch<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  messages: readonly JsMsg[],
  onOutcome: (message: JsMsg, outcome: Outcome) => void,
): Promise<void> {
  const told = new Set<JsMsg>();
  const tell = (message: JsMsg, outcome: Outcome) => {
    told.add(message);
    onOutcome(message, outcome);
  };
  const plain = messages.flatMap((message) => plainEvent(handling, message) ?? []);
  if (plain.length > 1) await handleTogether(handling, plain, tell);

  const left = messages.filter((message) => !told.has(message));
  for (let from = 0; from < left.length; from += abreast) {
    await Promise.all(
      left.slice(from, from + abreast).map(async (message) => tell(message, await handleMessage(handling, message))),
    );
  }
}

type Plain = { message: JsMsg; event: DomainEvent };

/** The event of a message that nothing is the matter with, as far as can be seen. */
function plainEvent<Tx extends SqlTransaction, Deps>(
  { consumer }: Handling<Tx, Deps>,
  message: JsMsg,
): Plain | undefined {
  if (!takesSeveral(consumer)) return undefined;
  try {
    const event = decodeEnvelope(message.string());
    const contract = consumer.events.find((one: EventContract) => one.type === event.type);
    if (!contract || isOnlySaidAgain(consumer, event)) return undefined;
    return { message, event: parseEvent(contract, event) };
  } catch {
    return undefined;
  }
}

/** Tells of those messages that it has brought to an end. */
async function handleTogether<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  batch: readonly Plain[],
  tell: (message: JsMsg, outcome: Outcome) => void,
): Promise<void> {
  const { consumer, pool, log } = handling;
  const preparing: Promise<PreparedEvent>[] = [];
  let commit: (taken: Promise<Taken[]>) => void = () => {};
  const committed = new Promise<Taken[]>((resolve) => {
    commit = resolve;
  });
  const handled = batch.map(({ message, event }, index) =>
    withTraceparent(event.traceparent ?? undefined, `consume ${consumer.name}`, async () => {
      preparing.push(prepareEvent(handling, event));
      const taken = (await committed)[index] as Taken;
      await followUp(handling, event, taken);
      if (message.info.deliveryCount > 1) await forgetFailures(pool, consumer.name, event.id);
      message.ack();
      tell(message, settled(handling, event, taken.first));
    }),
  );
  let failure: unknown;
  const take = async () => {
    const events = await Promise.all(preparing);
    return takeEffects(handling, events).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  };
  commit(take());
  await Promise.allSettled(handled);
  if (!isConnectionError(failure)) return;
  log.warn(
    { consumer: consumer.name, events: batch.length, err: failure },
    'Put off: something that the handler needs is away',
  );
  for (const { message } of batch) {
    message.nak(outageDelayMs);
    tell(message, 'outage');
  }
}
