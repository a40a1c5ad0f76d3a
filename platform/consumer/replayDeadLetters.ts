import { decodeEnvelope, parseEvent } from '../outbox/envelope.ts';
import type { EventContract } from '../outbox/event.ts';
import { inTransaction } from '../outbox/inTransaction.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import { type Handling, handleOnce, reasonOf } from './handleMessage.ts';
import { isOutage } from './isOutage.ts';

const batchSize = 50;

/**
 * Handles the dead letters again that somebody asked to replay: by the same handler, under the same inbox key. The row goes
 * once the effect is committed and what follows it was done, so a kill in between repeats only the latter. One that fails
 * again stays, with the new reason; one that meets an outage waits for the next look.
 *
 * Resolves with the number that were handled. One process at a time, so that a failure is counted once.
 */
export async function replayDeadLetters<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
): Promise<number> {
  const { consumer, pool } = handling;
  let handled = 0;
  await inTransaction(pool, async (lock) => {
    const { rows: held } = await lock.query(
      `select pg_try_advisory_xact_lock(hashtext('backbone.replay'), hashtext($1)) as taken`,
      [consumer.name],
    );
    if (!held[0].taken) return;
    const { rows } = await lock.query<{ eventId: string; text: string }>(
      `select event_id as "eventId", event::text as text from backbone.dead_letter
       where consumer = $1 and replay_at is not null order by replay_at, event_id limit ${batchSize}`,
      [consumer.name],
    );
    for (const { eventId, text } of rows) {
      const outcome = await replay(handling, eventId, text);
      if (outcome === 'outage') return;
      if (outcome === 'handled') handled++;
    }
  });
  return handled;
}

async function replay<Tx extends SqlTransaction, Deps>(
  handling: Handling<Tx, Deps>,
  eventId: string,
  text: string,
): Promise<'handled' | 'failed' | 'outage'> {
  const { consumer, pool, log } = handling;
  const line = { consumer: consumer.name, event_id: eventId };
  const settle = (sql: string, ...values: unknown[]) => pool.query(sql, [consumer.name, eventId, ...values]);
  try {
    const event = decodeEnvelope(text);
    const contract = consumer.events.find((one: EventContract) => one.type === event.type);
    if (!contract) throw new Error(`${consumer.name} does not consume ${event.type}`);
    const first = await withTraceparent(event.traceparent ?? undefined, `replay ${consumer.name}`, () =>
      handleOnce(handling, parseEvent(contract, event), true),
    );
    await settle('delete from backbone.dead_letter where consumer = $1 and event_id = $2');
    log.info(
      { ...line, type: event.type },
      first ? 'A dead letter was replayed' : 'A dead letter had its effect before',
    );
    return 'handled';
  } catch (error) {
    if (isOutage(error)) {
      log.warn({ ...line, err: error }, 'A dead letter waits: something that the handler needs is away');
      return 'outage';
    }
    log.error({ ...line, err: error }, 'A dead letter failed again');
    await settle(
      `update backbone.dead_letter set replay_at = null, attempts = attempts + 1, reason = $3, last_at = now()
       where consumer = $1 and event_id = $2`,
      reasonOf(error),
    );
    return 'failed';
  }
}
