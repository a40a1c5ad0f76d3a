import { isDeepStrictEqual } from 'node:util';
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import { isNotFound } from '../nats/streams.ts';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import type { DomainEvent, StoredEvent } from './event.ts';

/**
 * Takes the messages on these subjects out of a stream, and overwrites them, that say something else than the history does now:
 * what was redacted since. What says the same stays, for those who have yet to hear of it. Not a purge by subject, which
 * would take the news of the erasure away, too.
 *
 * A process that had an event in its hands at the redaction can publish it a moment later: whoever means all of them repeats it.
 *
 * @returns how many it has taken out
 */
export async function purgeRedacted(options: {
  manager: JetStreamManager;
  pool: Pool;
  stream: string;
  subjects: readonly string[];
}): Promise<number> {
  const { manager, pool, stream, subjects } = options;
  let gone = 0;
  for (const subject of subjects) {
    for (let message = await nextOf(subject, 1); message; message = await nextOf(subject, message.seq + 1)) {
      if (await isAsStored(pool, message.string())) continue;
      if (await manager.streams.deleteMessage(stream, message.seq)) gone++;
    }
  }
  return gone;

  async function nextOf(subject: string, seq: number): Promise<StoredMsg | null> {
    // The type of the request knows only what the first servers did.
    const query = { seq, next_by_subj: subject };
    return manager.streams.getMessage(stream, query).catch((error: unknown) => {
      // There is no such stream.
      if (isNotFound(error)) return null;
      throw error;
    });
  }
}

/** What is no event of ours is not in the history. */
async function isAsStored(pool: Pool, text: string): Promise<boolean> {
  let event: DomainEvent;
  try {
    event = decodeEnvelope(text);
  } catch {
    return false;
  }
  const { rows } = await pool.query<StoredEvent>(
    `select id, aggregate, aggregate_id as "aggregateId", version, type, time, actor_id as "actorId", data, changes, traceparent,
       restated
     from backbone.event where id = $1`,
    [event.id],
  );
  // jsonb has its own order of keys.
  return rows[0] !== undefined && isDeepStrictEqual(decodeEnvelope(encodeEnvelope(rows[0])), event);
}
