import { DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { streamMaxAgeMs } from '../nats/streams.ts';
import { inTransaction } from './inTransaction.ts';
import { renewStream } from './renewStream.ts';

/** An event and the sequence at which the stream has acknowledged it. */
type Recorded = { sequence: number; eventId: string };

/**
 * Compares the stream with what it has acknowledged, and puts what it has lost back into the outbox.
 *
 * The message at the highest recorded sequence has to carry the recorded event id. "The last sequence is behind" would not
 * do: rolled back from 20 to 10 and filled up to 22 by another publisher, a stream passes that with ten events lost. If
 * the ids differ, the last sequence up to which both agree is found by bisection, and every event recorded after it (at
 * most the stream's max_age back) is published again: survivors are rejected by their Nats-Msg-Id or by the inboxes.
 * Consumers whose floor lies after that point would stay silent, so they are made anew from there.
 *
 * Resolves with the number of events that were put back. Only one process at a time does it.
 */
export async function rewind(options: {
  manager: JetStreamManager;
  stream: string;
  pool: Pool;
  log: Logger;
}): Promise<number> {
  const { manager, stream, pool, log } = options;
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('backbone.rewind'))`);
    const renewed = await renewStream({ client, manager, stream, log });
    if (renewed !== null) return renewed;
    const recordedUpTo = async (sequence: number): Promise<Recorded | undefined> => {
      const { rows } = await client.query<{ sequence: string; event_id: string }>(
        'select sequence, event_id from backbone.published where sequence <= $1 order by sequence desc limit 1',
        [sequence],
      );
      return rows[0] && { sequence: Number(rows[0].sequence), eventId: rows[0].event_id };
    };
    const highest = await recordedUpTo(Number.MAX_SAFE_INTEGER);
    if (!highest) return 0;
    const { state } = await manager.streams.info(stream);
    const lost = async ({ sequence, eventId }: Recorded): Promise<boolean> => {
      if (sequence > state.last_seq) return true;
      // Too old to be there, or purged: it says nothing.
      const message = sequence < state.first_seq ? null : await manager.streams.getMessage(stream, { seq: sequence });
      return message !== null && message.header.get('Nats-Msg-Id') !== eventId;
    };
    if (!(await lost(highest))) return 0;

    const agreed = await lastAgreed(Math.min(highest.sequence - 1, state.last_seq), recordedUpTo, lost);
    const { rowCount } = await client.query(
      `with lost as (delete from backbone.published where sequence > $1 returning event_id, at)
       insert into backbone.outbox (event_id, created_at)
       select event_id, min(at) from lost where at > now() - make_interval(secs => $2::float8 / 1000) group by event_id
       on conflict do nothing`,
      [agreed, streamMaxAgeMs],
    );
    const behind = await remakeConsumers(manager, stream, agreed);
    log.error(
      { stream, agreed, events: rowCount, consumers: behind },
      'The stream has lost events; publishing them again',
    );
    return rowCount ?? 0;
  });
}

/** The highest sequence up to which nothing that is recorded is lost. What a roll-back leaves is always a beginning. */
async function lastAgreed(
  limit: number,
  recordedUpTo: (sequence: number) => Promise<Recorded | undefined>,
  lost: (recorded: Recorded) => Promise<boolean>,
): Promise<number> {
  let agreed = 0;
  let upper = limit;
  while (agreed < upper) {
    const middle = Math.ceil((agreed + upper) / 2);
    const recorded = await recordedUpTo(middle);
    if (recorded && recorded.sequence > agreed && (await lost(recorded))) upper = recorded.sequence - 1;
    else agreed = middle;
  }
  return agreed;
}

/**
 * Makes every durable consumer anew that has gone past `sequence`: it continues from there. Resolves with their names.
 * One that is not durable is younger than the roll-back (none outlives the server), and it is somebody's who only looks:
 * taken away, it would be silent until its client misses the heartbeats.
 */
async function remakeConsumers(manager: JetStreamManager, stream: string, sequence: number): Promise<string[]> {
  const remade: string[] = [];
  for await (const { name, config, delivered } of manager.consumers.list(stream)) {
    if (!config.durable_name || delivered.stream_seq <= sequence) continue;
    await manager.consumers.delete(stream, name);
    await manager.consumers.add(stream, {
      ...config,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: sequence + 1,
    });
    remade.push(name);
  }
  return remade;
}
