import type { Pool } from 'pg';
import { isUniqueViolation } from '../database/errors.ts';
import type { NamedStatement } from '../database/prefixedQuery.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';

/** Records that a consumer has handled an event, in the transaction of the effect. False: it had before. */
export async function recordInInbox(tx: SqlTransaction, consumer: string, eventId: string): Promise<boolean> {
  const recorded = await tx.$executeRawUnsafe(
    'insert into backbone.inbox (consumer, event_id) values ($1, $2::uuid) on conflict do nothing',
    consumer,
    eventId,
  );
  return recorded === 1;
}

/**
 * The same as the opening of a transaction. Where the consumer had handled one of the events before, it fails, and with it
 * everything that is done in that transaction; {@link wasInInbox} tells.
 */
export const inboxOpening = (consumer: string, eventIds: readonly string[]): NamedStatement => ({
  name: 'backbone-inbox',
  text: 'insert into backbone.inbox (consumer, event_id) select $1, unnest($2::uuid[])',
  values: [consumer, inOrder(eventIds)],
});

/** The same for effects that may be repeated. It returns the events that the consumer had not handled before. */
export const inboxAddition = (consumer: string, eventIds: readonly string[]): NamedStatement => ({
  name: 'backbone-inbox-addition',
  text: `insert into backbone.inbox (consumer, event_id) select $1, unnest($2::uuid[]) on conflict do nothing
    returning event_id as "eventId"`,
  values: [consumer, inOrder(eventIds)],
});

/** As Postgres reads a list. Sorted, so that two transactions with the same events don't wait for each other in a circle. */
const inOrder = (eventIds: readonly string[]): string => `{${[...eventIds].sort().join()}}`;

/** Those of the events that a consumer has handled. */
export async function findInInbox(pool: Pool, consumer: string, eventIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'backbone-inbox-lookup',
    text: 'select event_id as id from backbone.inbox where consumer = $1 and event_id = any($2::uuid[])',
    values: [consumer, eventIds],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Whether an opening was refused because the consumer had handled the event before. */
export const wasInInbox = (refused: unknown): boolean => isUniqueViolation(refused, 'inbox_pkey');

/** An event that a handler refused, and why. */
export type Failure = { consumer: string; eventId: string; reason: string; event: string };

/** After this many failures of its own handler an event is put aside. */
export const maxAttempts = 5;

/**
 * Counts a failure of the handler itself; lost connections are not counted. At the limit the event goes to the dead
 * letters, with its reason, BEFORE the message is given up. Returns the attempts so far and whether it is dead now.
 */
export async function countFailure(pool: Pool, failure: Failure): Promise<{ attempts: number; dead: boolean }> {
  const counted = await pool.query<{ attempts: number }>(
    `insert into backbone.failure (consumer, event_id, attempts, first_at, last_at, reason)
     values ($1, $2, 1, now(), now(), $3)
     on conflict (consumer, event_id)
     do update set attempts = failure.attempts + 1, last_at = now(), reason = excluded.reason
     returning attempts`,
    [failure.consumer, failure.eventId, failure.reason],
  );
  const attempts = counted.rows[0]?.attempts ?? 1;
  if (attempts < maxAttempts) return { attempts, dead: false };
  await buryEvent(pool, failure, attempts);
  return { attempts, dead: true };
}

/** Writes the dead-letter row. An event that is there already stays as it was first buried. */
export async function buryEvent(pool: Pool, failure: Failure, attempts: number): Promise<void> {
  const bury = (event: string) =>
    pool.query(
      `with counted as (delete from backbone.failure where consumer = $1 and event_id = $2 returning first_at)
       insert into backbone.dead_letter (consumer, event_id, event, reason, attempts, first_at, last_at)
       values ($1, $2, $3::jsonb, $4, $5, coalesce((select first_at from counted), now()), now())
       on conflict (consumer, event_id) do nothing`,
      [failure.consumer, failure.eventId, event, failure.reason, attempts],
    );
  await bury(failure.event).catch((error: unknown) => {
    if (!isNotStorable(error)) throw error;
    return bury(JSON.stringify({ base64: Buffer.from(failure.event).toString('base64') }));
  });
}

/** A text that jsonb doesn't take: it has a NUL, say, which JSON may have. */
const isNotStorable = (error: unknown): boolean =>
  ['22P02', '22P05', '22021'].includes((error as { code?: string } | null)?.code ?? '');

/** Forgets failures of an event that was handled after all. */
export async function forgetFailures(pool: Pool, consumer: string, eventId: string): Promise<void> {
  await pool.query('delete from backbone.failure where consumer = $1 and event_id = $2', [consumer, eventId]);
}
