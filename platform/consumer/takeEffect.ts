import { withFrame } from '../database/framedTransaction.ts';
import { inOneExchange } from '../database/oneExchange.ts';
import type { DomainEvent } from '../outbox/event.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import type { Consumer, StateConsumer, StatementConsumer } from './defineConsumer.ts';
import type { Handling } from './handleMessage.ts';
import { findInInbox, inboxAddition, inboxOpening, recordInInbox, wasInInbox } from './inbox.ts';

/** An event, and what its consumer looked up for it. */
export type PreparedEvent = { event: DomainEvent; prepared: unknown };

/** What became of an event: whether it had its effect now, and what that has written; undefined when it had it before. */
export type Taken = { first: boolean; written?: { eventId: string }[] };

/** How long a transaction may wait for a connection and then take, in milliseconds: longer than Prisma's 2 and 5 s, because a
 * handler may wait for a lock that others queue for. */
const patience = { maxWait: 5_000, timeout: 20_000 };

/** A consumer that takes several events at once. */
// biome-ignore lint/suspicious/noExplicitAny: consumers of any events
type Several = StateConsumer<any, any> | StatementConsumer<any, any, any, any>;

/** Whether a consumer takes several events at once. */
export const takesSeveral = <Tx, Deps>(consumer: Consumer<Tx, Deps>): boolean => asSeveral(consumer) !== null;

function asSeveral<Tx, Deps>(consumer: Consumer<Tx, Deps>): Several | null {
  return consumer.kind === 'state' || consumer.effect !== undefined ? (consumer as Several) : null;
}

/** What a consumer looks up before the transaction. */
export async function prepareEvent<Tx extends SqlTransaction, Deps>(
  { consumer, deps }: Handling<Tx, Deps>,
  event: DomainEvent,
): Promise<PreparedEvent> {
  return { event, prepared: consumer.kind === 'fact' ? await consumer.prepare?.(event, deps) : undefined };
}

/**
 * The effect of an event and its inbox key, in one transaction; nothing when the event had its effect before. Throws what the
 * handler throws; then nothing has happened.
 *
 * At a first delivery the inbox key goes in one exchange with the first statement, so that a handler may begin with an event that
 * it has had; none of its statements runs then. `again` is for events that it may well have had: they are looked up first.
 */
export async function takeEffect<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  prepared: PreparedEvent,
  again: boolean,
): Promise<Taken> {
  try {
    if (takesSeveral(handling.consumer)) return (await takeEffects(handling, [prepared]))[0] as Taken;
    return { first: await handleInTransaction(handling, prepared, again) };
  } catch (error) {
    if (wasInInbox(error)) return { first: false };
    throw error;
  }
}

/**
 * The effects of several events, all or none of them, in one exchange with Postgres. In their order. Of a fact consumer it throws
 * when there is one among them that had its effect before ({@link wasInInbox}).
 */
export async function takeEffects<Tx extends SqlTransaction, Deps>(
  { consumer, pool }: Handling<Tx, Deps>,
  events: readonly PreparedEvent[],
): Promise<Taken[]> {
  const several = asSeveral(consumer);
  if (!several) throw new Error(`${consumer.name} takes one event at a time`);
  const ids = events.map(({ event }) => event.id);
  if (several.kind === 'state') {
    const rows = events.map(({ event }) => ({ ...several.row(event), version: event.version }));
    const statements = [several.projection.keeping(rows), inboxAddition(several.name, ids)];
    const added = new Set((await inOneExchange(pool, statements)).rows.map(({ eventId }) => eventId));
    // Of copies, the first.
    return ids.map((id) => ({ first: added.delete(id) }));
  }
  const effect = several.effect(events);
  const statements = [inboxOpening(several.name, ids), ...(effect ? [effect] : [])];
  const { rows } = await inOneExchange(pool, statements);
  return ids.map((id) => ({ first: true, written: rows.filter(({ eventId }) => eventId === id) }));
}

/** The same, with events among them that had their effect before, or that are copies of one another. */
export async function takeTogether<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  events: readonly PreparedEvent[],
): Promise<Taken[]> {
  try {
    return await takeEffects(handling, events);
  } catch (error) {
    if (!wasInInbox(error)) throw error;
  }
  const { pool, consumer } = handling;
  const had = await findInInbox(
    pool,
    consumer.name,
    events.map(({ event }) => event.id),
  );
  const fresh = new Map(events.flatMap((one) => (had.has(one.event.id) ? [] : [[one.event.id, one]])));
  const taken = fresh.size > 0 ? await takeEffects(handling, [...fresh.values()]) : [];
  const first = new Map([...fresh.keys()].map((id, index) => [id, taken[index] as Taken]));
  return events.map(({ event: { id } }) => {
    const now = first.get(id) ?? { first: false };
    first.delete(id);
    return now;
  });
}

/** Prisma's own timeout is looked at between statements only: a connection that has fallen silent would be waited for. */
async function inTime<Result>(work: Promise<Result>, abandon: () => void): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('timeout expired: Postgres does not answer'));
      abandon();
    }, patience.maxWait + patience.timeout);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function handleInTransaction<Tx extends SqlTransaction, Deps>(
  { consumer, prisma, deps }: Handling<Tx, Deps>,
  { event, prepared }: PreparedEvent,
  again: boolean,
): Promise<boolean> {
  const handle = 'handle' in consumer ? consumer.handle : undefined;
  if (!handle) throw new Error(`${consumer.name} has no handler`);
  const opening = again ? undefined : inboxOpening(consumer.name, [event.id]);
  return withFrame({ opening }, async (frame) => {
    const transaction = prisma.$transaction(async (tx) => {
      const opens = frame.taken && opening !== undefined;
      if (!opens && !(await recordInInbox(tx, consumer.name, event.id))) return false;
      await handle(tx, event, deps, prepared);
      return true;
    }, patience);
    const handled = transaction.catch((error: unknown) => {
      // Whatever the handler has made of it.
      if (frame.refused && wasInInbox(frame.refused)) return false;
      throw error;
    });
    return inTime(handled, () => frame.abandon?.());
  });
}
