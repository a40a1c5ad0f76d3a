import type { JsMsg } from '@nats-io/jetstream';
import { bulkhead } from 'cockatiel';
import { isConnectionError } from '../database/errors.ts';
import { decodeEnvelope, parseEvent } from '../outbox/envelope.ts';
import type { DomainEvent, EventContract } from '../outbox/event.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import {
  type Handling,
  handleEvent,
  handleMessage,
  isOnlySaidAgain,
  type Outcome,
  refuseMessage,
  settle,
} from './handleMessage.ts';
import { rest } from './rest.ts';
import { type PreparedEvent, prepareEvent, type Taken, takesSeveral, takeTogether } from './takeEffect.ts';

/** How many are handled side by side of those that are handled by themselves. */
const abreast = 8;
/** How long what is looked up for one event may keep those that came with it. */
const patienceMs = 50;

/**
 * Handles messages to their end, as {@link handleMessage} does with each, but the effects of all in one transaction, where the
 * consumer takes several: under load that spares most of the work. An event that is in the way of the others is handled by
 * itself: one that is none, that waits for somebody, or whose lookup takes long. When the transaction fails, nothing has
 * happened, and each is.
 */
export async function handleBatch<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  messages: readonly JsMsg[],
  onOutcome: (message: JsMsg, outcome: Outcome) => void,
): Promise<void> {
  const { consumer } = handling;
  const single = bulkhead(abreast, Number.POSITIVE_INFINITY);
  const preparing: Promise<PreparedEvent>[] = [];
  let commit: (taken: Promise<(Taken | Error | undefined)[]>) => void = () => {};
  const committed = new Promise<(Taken | Error | undefined)[]>((resolve) => {
    commit = resolve;
  });
  let together = 0;
  const handle = async (message: JsMsg): Promise<Outcome> => {
    const event = plainEvent(handling, message);
    if (!event) return single.execute(() => handleMessage(handling, message));
    const index = together++;
    return withTraceparent(event.traceparent ?? undefined, `consume ${consumer.name}`, async () => {
      const prepared = prepareEvent(handling, event);
      preparing.push(prepared);
      try {
        const taken = (await committed)[index];
        if (taken instanceof Error) throw taken;
        if (taken) return await settle(handling, message, event, taken);
        const known = await prepared;
        return await single.execute(() => handleEvent(handling, message, known));
      } catch (error) {
        return refuseMessage(handling, message, event, error);
      }
    });
  };
  const handled = messages.map(async (message) => onOutcome(message, await handle(message)));
  commit(takeReady(handling, preparing));
  await Promise.all(handled);
}

/** The event of a message that nothing is the matter with, as far as can be seen, if it can be taken with others. */
function plainEvent<Tx extends SqlTransaction, Deps>(
  { consumer }: Handling<Tx, Deps>,
  message: JsMsg,
): DomainEvent | undefined {
  if (!takesSeveral(consumer)) return undefined;
  try {
    const event = decodeEnvelope(message.string());
    const contract = consumer.events.find((one: EventContract) => one.type === event.type);
    return contract && !isOnlySaidAgain(consumer, event) ? parseEvent(contract, event) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes together those of which all is looked up soon. In the order given: what became of each, undefined for one that is to be
 * handled by itself; the error, when Postgres is away.
 */
async function takeReady<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  preparing: readonly Promise<PreparedEvent>[],
): Promise<(Taken | Error | undefined)[]> {
  const ready = new Map<number, PreparedEvent>();
  const enough = new AbortController();
  const looking = preparing.map(async (one, index) => {
    const prepared = await one.catch(() => null);
    if (prepared && !enough.signal.aborted) ready.set(index, prepared);
  });
  await Promise.race([Promise.all(looking), rest(patienceMs, enough.signal)]);
  enough.abort();
  const outcomes = Array.from<unknown, Taken | Error | undefined>(preparing, () => undefined);
  // One alone is handled by itself.
  if (ready.size < 2) return outcomes;
  const indices = [...ready.keys()].sort((a, b) => a - b);
  try {
    const taken = await takeTogether(
      handling,
      indices.map((index) => ready.get(index) as PreparedEvent),
    );
    for (const [place, index] of indices.entries()) outcomes[index] = taken[place];
  } catch (error) {
    if (isConnectionError(error)) for (const index of indices) outcomes[index] = error as Error;
  }
  return outcomes;
}
