import type { JetStreamManager } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { rest } from '../consumer/rest.ts';
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

/** How often the stream is compared with what it has acknowledged, next to after each reconnect, in milliseconds. */
const usualVerifyMs = 60_000;

/**
 * Keeps the publisher's stream declared and complete. After each reconnect, and each minute, nothing is published until `verify`
 * has compared the stream with what it had acknowledged.
 */
export function createPublisher(options: {
  name: string;
  nats: NatsLink;
  log: Logger;
  verify: (manager: JetStreamManager) => Promise<number>;
  /** There is something to publish: the stream has become ready, or has lost something. */
  onWork: () => void;
  verifyMs?: number;
}): { publisher: Publisher; stop: () => Promise<void> } {
  const { name, nats, log, verify, onWork, verifyMs = usualVerifyMs } = options;
  let verified = false;
  let connections = 0;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  /** Aborted when the comparison that is under way has ended. */
  let compared: AbortController | null = null;

  const compare = async (manager: JetStreamManager) => {
    compared = new AbortController();
    try {
      return await verify(manager);
    } finally {
      compared.abort();
      compared = null;
    }
  };
  const prepare = async () => {
    while (!verified && !stopped && nats.connected()) {
      try {
        const manager = nats.manager();
        if (!manager) return;
        const connection = connections;
        await ensureStream(manager, name, log);
        await verify(manager);
        // Away and back meanwhile: what was compared may not be what is there now.
        if (connection !== connections) continue;
        verified = true;
        onWork();
      } catch (error) {
        log.warn({ err: error, stream: name }, 'The stream could not be declared and verified; trying again');
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  };
  const stopFollowing = nats.onConnect(() => {
    verified = false;
    connections++;
    working = working.then(prepare);
  });
  const timer = setInterval(() => {
    const manager = nats.manager();
    if (!verified || !manager || !nats.connected()) return;
    working = working
      .then(() => compare(manager))
      .then((lost) => lost > 0 && onWork())
      .catch((error) =>
        log.warn({ err: error, stream: name }, 'The stream could not be verified; trying again'),
      ) as Promise<void>;
  }, verifyMs);

  return {
    publisher: {
      ready: () => verified && nats.connected(),
      async publish(event) {
        // It mostly takes some milliseconds. What waits for longer is left to the sweeper.
        if (compared) await rest(ackTimeoutMs, compared.signal);
        if (compared) throw new Error('The stream is being compared');
        const client = nats.jetstream();
        if (!client) throw new Error('NATS is not connected');
        const ack = await client.publish(subjectOf(event), encodeEnvelope(event), {
          msgID: event.id,
          timeout: ackTimeoutMs,
        });
        return { eventId: event.id, sequence: ack.seq };
      },
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      stopFollowing();
      await working;
    },
  };
}

/**
 * Notes what the stream has acknowledged: the ids leave the outbox, and the sequences are kept, so that a stream that was
 * lost or rolled back can be noticed and filled again. Where another event was recorded at a sequence, the stream has lost
 * that one: it goes back into the outbox.
 */
const markPublishedSql = `
  with sent as (
    select distinct on (sequence) sequence, event_id from unnest($1::uuid[], $2::bigint[]) as sent (event_id, sequence)
  ),
  gone as (delete from backbone.outbox o using sent where o.event_id = sent.event_id),
  displaced as (
    select p.event_id from backbone.published p join sent on p.sequence = sent.sequence where p.event_id <> sent.event_id
  ),
  returned as (
    insert into backbone.outbox (event_id) select event_id from displaced
    where event_id not in (select event_id from sent) on conflict do nothing
  )
  insert into backbone.published (sequence, event_id) select sequence, event_id from sent
  on conflict (sequence) do update set event_id = excluded.event_id, at = now()`;

/** Runs `markPublishedSql` on a pool or a client. */
export async function markPublished(sql: Pick<Pool, 'query'>, published: Published[]): Promise<void> {
  await sql.query({
    name: 'backbone-mark-published',
    text: markPublishedSql,
    values: [published.map((one) => one.eventId), published.map((one) => one.sequence)],
  });
}
