import type { JsMsg } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { v5 } from 'uuid';
import { isConnectionError } from '../database/errors.ts';
import type { NatsLink } from '../nats/connectNats.ts';
import { decodeEnvelope, parseEvent } from '../outbox/envelope.ts';
import type { DomainEvent, EventContract } from '../outbox/event.ts';
import type { SqlTransaction, TransactionRunner } from '../outbox/transaction.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import type { Consumer, StatementConsumer } from './defineConsumer.ts';
import { buryEvent, countFailure, forgetFailures } from './inbox.ts';
import { isOutage } from './isOutage.ts';
import { type PreparedEvent, prepareEvent, type Taken, takeEffect } from './takeEffect.ts';

/**
 * What became of a message. `waiting`: nothing was wrong with it, and something that it needs is away. `outage`: so is Postgres, and
 * pulling should pause.
 */
export type Outcome = 'handled' | 'repeated' | 'ignored' | 'failed' | 'dead' | 'waiting' | 'outage';

/** What handling needs. */
export type Handling<Tx extends SqlTransaction, Deps> = {
  consumer: Consumer<Tx, Deps>;
  deps: Deps;
  prisma: TransactionRunner<Tx>;
  pool: Pool;
  nats: Pick<NatsLink, 'features'>;
  log: Logger;
};

/** How long an event waits after an outage, in milliseconds; one that goes on waiting for somebody, twice as long each time, up to 2 s. */
const outageDelayMs = 1_000;
const longestDelayMs = 2_000;

/**
 * Handles one message to its end: effect and inbox key in one transaction, then what follows the commit, then the ack.
 * A kill between any two of these leaves the message unacknowledged: it comes again, the inbox keeps the effect from
 * happening twice, and what follows the commit is repeated.
 */
export async function handleMessage<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  message: JsMsg,
): Promise<Outcome> {
  const { consumer } = handling;
  let event: DomainEvent;
  try {
    event = decodeEnvelope(message.string());
  } catch (error) {
    return giveUp(handling, message, {
      eventId: unknownId(message),
      reason: `Not an event of ours: ${reasonOf(error)}`,
    });
  }
  const contract = consumer.events.find((one: EventContract) => one.type === event.type);
  if (!contract || isOnlySaidAgain(consumer, event)) {
    message.ack();
    return 'ignored';
  }
  return withTraceparent(event.traceparent ?? undefined, `consume ${consumer.name}`, async () => {
    try {
      return await handleEvent(handling, message, await prepareEvent(handling, parseEvent(contract, event)));
    } catch (error) {
      return refuseMessage(handling, message, event, error);
    }
  });
}

/** Handles an event of which all was looked up, to its end. */
export async function handleEvent<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  message: JsMsg,
  prepared: PreparedEvent,
): Promise<Outcome> {
  try {
    return await settle(handling, message, prepared.event, await takeEffect(handling, prepared, isAgain(message)));
  } catch (error) {
    return refuseMessage(handling, message, prepared.event, error);
  }
}

/** What follows the commit, and the ack. */
export async function settle<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  message: JsMsg,
  event: DomainEvent,
  taken: Taken,
): Promise<Outcome> {
  const { consumer, pool, log } = handling;
  await followUp(handling, event, taken);
  if (isAgain(message)) await forgetFailures(pool, consumer.name, event.id);
  message.ack();
  const line = { consumer: consumer.name, event_id: event.id, type: event.type };
  if (taken.first) log.debug(line, 'Handled');
  else log.info(line, 'Seen before');
  return taken.first ? 'handled' : 'repeated';
}

const isAgain = (message: JsMsg): boolean => message.info.deliveryCount > 1;

/**
 * The effect, unless the event had it before, and what follows the commit. True when it was the first time. Throws what the
 * handler throws; then nothing has happened, or what follows the commit has still to be repeated. `again`: see takeEffect.
 */
export async function handleOnce<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  event: DomainEvent,
  again: boolean,
): Promise<boolean> {
  const taken = await takeEffect(handling, await prepareEvent(handling, event), again);
  await followUp(handling, event, taken);
  return taken.first;
}

/** What follows the commit. */
async function followUp<Tx extends SqlTransaction, Deps>(
  { consumer, deps }: Handling<Tx, Deps>,
  event: DomainEvent,
  { written }: Taken,
): Promise<void> {
  if (consumer.kind === 'fact') await (consumer as StatementConsumer<Deps>).afterCommit?.(event, deps, written);
}

/** Has a message come again, or puts it aside, because of an error. */
export async function refuseMessage<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  message: JsMsg,
  event: DomainEvent,
  error: unknown,
): Promise<Outcome> {
  const { consumer, pool, log } = handling;
  const line = { consumer: consumer.name, event_id: event.id, type: event.type, err: error };
  if (isConnectionError(error) || isOutage(error)) {
    log.warn(line, 'Put off: something that the handler needs is away');
    const all = isConnectionError(error);
    message.nak(all ? outageDelayMs : Math.min(outageDelayMs * 2 ** (message.info.deliveryCount - 1), longestDelayMs));
    return all ? 'outage' : 'waiting';
  }
  try {
    const failure = { consumer: consumer.name, eventId: event.id, reason: reasonOf(error), event: message.string() };
    const { attempts, dead } = await countFailure(pool, failure);
    if (dead) {
      log.error({ ...line, attempts }, 'Put aside among the dead letters');
      terminate(handling, message, failure.reason);
      return 'dead';
    }
    log.warn({ ...line, attempts }, 'The handler failed; trying again');
    message.nak(Math.min(200 * 2 ** (attempts - 1), 30_000));
    return 'failed';
  } catch (failure) {
    log.warn({ ...line, err: failure }, 'A failure could not be counted; trying again');
    message.nak(outageDelayMs);
    return 'outage';
  }
}

/** What is only said again, after a restore, is no fact. */
export const isOnlySaidAgain = <Tx, Deps>(consumer: Consumer<Tx, Deps>, event: DomainEvent): boolean =>
  event.restated === true && consumer.kind === 'fact';

async function giveUp<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  message: JsMsg,
  { eventId, reason }: { eventId: string; reason: string },
): Promise<Outcome> {
  const { consumer, pool, log } = handling;
  try {
    const event = JSON.stringify({ subject: message.subject, sequence: message.seq, text: printable(message) });
    await buryEvent(pool, { consumer: consumer.name, eventId, reason, event }, 1);
    log.error({ consumer: consumer.name, subject: message.subject, reason }, 'Put aside among the dead letters');
    terminate(handling, message, reason);
    return 'dead';
  } catch (error) {
    log.warn({ consumer: consumer.name, err: error }, 'A dead letter could not be written; trying again');
    message.nak(outageDelayMs);
    return 'outage';
  }
}

/** Gives a message up; with the reason, for whoever watches the server's advisories, where the server takes one. */
function terminate({ nats }: Pick<Handling<never, never>, 'nats'>, message: JsMsg, reason: string): void {
  // A reason is one line of a protocol of lines.
  message.term(nats.features().termReason ? reason.replace(/\s+/g, ' ').slice(0, 200) : undefined);
}

/** What stands for the id of a message that is no event: always the same, so that a redelivery is no second dead letter. */
function unknownId(message: JsMsg): string {
  return v5(`${message.info.stream} ${message.seq} ${message.string()}`, v5.URL);
}

/** jsonb takes no NUL; what isn't text at all is kept as base64. */
function printable(message: JsMsg): string {
  const text = message.string();
  return text.includes('\u0000') || text.includes('\ufffd') ? Buffer.from(message.data).toString('base64') : text;
}

/** What a dead letter's reason says of an error. */
export function reasonOf(error: unknown): string {
  // A text of Postgres' has no NUL.
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll('\u0000', '').slice(0, 2_000);
}
