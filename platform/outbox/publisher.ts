import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { NatsLink } from '../nats/connectNats.ts';
import { ensureStream } from '../nats/streams.ts';
import { encodeEnvelope, subjectOf } from './envelope.ts';
import type { StoredEvent } from './event.ts';

/** An event that the stream has acknowledged, and the sequence it lies at. */
export type Published = { eventId: string; sequence: number };

/** Puts events into one publisher's stream. */
export type Publisher = {
  /** True when the stream is there and events can be published. */
  ready(): boolean;
  /** Publishes one event; the id makes the stream reject a second copy within its duplicate window. Throws on a timeout. */
  publish(event: StoredEvent): Promise<Published>;
};

/** How long an ack is waited for: the sweeper publishes again what was not acknowledged. */
const ackTimeoutMs = 1_000;

/** Keeps the publisher's stream declared, at the first connection and after each reconnect. */
export function createPublisher(options: { name: string; nats: NatsLink; log: Logger; onReady: () => void }): {
  publisher: Publisher;
  stop: () => void;
} {
  const { name, nats, log, onReady } = options;
  let declared = false;
  let stopped = false;
  const declare = async () => {
    declared = false;
    while (!declared && !stopped && nats.connected()) {
      try {
        const manager = nats.manager();
        if (!manager) return;
        await ensureStream(manager, name);
        declared = true;
        onReady();
      } catch (error) {
        log.warn({ err: error, stream: name }, 'The stream could not be declared; trying again');
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  };
  const stopFollowing = nats.onConnect(() => void declare());
  return {
    publisher: {
      ready: () => declared && nats.connected(),
      async publish(event) {
        const client = nats.jetstream();
        if (!client) throw new Error('NATS is not connected');
        const ack = await client.publish(subjectOf(event), encodeEnvelope(event), {
          msgID: event.id,
          timeout: ackTimeoutMs,
        });
        return { eventId: event.id, sequence: ack.seq };
      },
    },
    stop: () => {
      stopped = true;
      stopFollowing();
    },
  };
}

/**
 * Notes what the stream has acknowledged: the ids leave the outbox, and the sequences are kept, so that a stream that was
 * lost or rolled back can be noticed and filled again.
 */
export const markPublishedSql = `
  with sent as (select * from unnest($1::uuid[], $2::bigint[]) as sent (event_id, sequence)),
  gone as (delete from backbone.outbox o using sent where o.event_id = sent.event_id)
  insert into backbone.published (sequence, event_id)
  select distinct on (sequence) sequence, event_id from sent
  on conflict (sequence) do update set event_id = excluded.event_id, at = now()`;

/** Runs `markPublishedSql` on a pool or a client. */
export async function markPublished(sql: Pick<Pool, 'query'>, published: Published[]): Promise<void> {
  await sql.query({
    name: 'backbone-mark-published',
    text: markPublishedSql,
    values: [published.map((one) => one.eventId), published.map((one) => one.sequence)],
  });
}
