import type { Msg } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { NatsLink } from '../nats/connectNats.ts';
import { ensureStream, replayStream } from '../nats/streams.ts';
import type { Scope } from '../service/scope.ts';
import { encodeEnvelope, subjectOf } from './envelope.ts';
import type { StoredEvent } from './event.ts';

/** Where a publisher is asked to republish. Not below `<publisher>.`: that is its stream. */
export const republishSubject = (publisher: string): string => `republish.${publisher}`;

/** Where what was republished for a consumer lies. */
export const replaySubject = (consumer: string): string => `${replayStream}.${consumer}`;

/** What a state consumer that is being rebuilt asks of its publisher: the next page of the history. */
export const republishRequest = z.object({
  consumer: z.string().regex(/^[a-z0-9-]+$/),
  aggregate: z.string(),
  types: z.array(z.string()).min(1),
  /** The last event of the page before; null at the beginning. */
  after: z.uuid().nullable(),
});

/** The answer, once the page lies in the replay stream. */
export const republishAnswer = z.union([
  z.object({
    /** Where the next page begins. */
    last: z.uuid().nullable(),
    done: z.boolean(),
    events: z.int(),
    /** The highest sequence that one of them got in the replay stream; 0 without any. */
    sequence: z.int(),
  }),
  z.object({ error: z.string() }),
]);

/** Events of the history that are looked at for one page, which bounds what a request costs. */
const pageSize = 2_000;
const inFlight = 256;

/**
 * Answers requests to republish, out of the event table: the latest event of each aggregate that a consumer asks for, since each
 * carries all that is kept of its aggregate. One of the publisher's workers answers each request; nothing is remembered
 * between them, the consumer keeps the place.
 */
export function answerRepublish(options: {
  publisher: string;
  nats: NatsLink;
  pool: Pool;
  log: Logger;
  scope: Scope;
}): void {
  const { publisher, nats, pool, log, scope } = options;
  let subscribed = false;
  const answer = async (message: Msg) => {
    let result: z.input<typeof republishAnswer>;
    try {
      result = await republish({ nats, pool, log }, republishRequest.parse(message.json()));
    } catch (error) {
      log.warn({ err: error, publisher }, 'A request to republish could not be met');
      result = { error: error instanceof Error ? error.message : String(error) };
    }
    message.respond(JSON.stringify(result));
  };
  const stop = nats.onConnect(() => {
    // The connection takes its subscriptions through reconnects.
    if (subscribed) return;
    subscribed = true;
    const callback = (error: Error | null, message: Msg) => {
      if (!error) void answer(message);
    };
    nats.connection()?.subscribe(republishSubject(publisher), { queue: 'republish', callback });
  });
  scope.defer('republish', stop);
}

const pageSql = `
  select id from backbone.event where ($1::uuid is null or id > $1::uuid) order by id offset ${pageSize - 1} limit 1`;

const eventsSql = `
  select e.id, e.aggregate, e.aggregate_id as "aggregateId", e.version, e.type, e.time, e.actor_id as "actorId", e.data,
         e.changes, e.traceparent, e.restated
  from backbone.event e
  where ($1::uuid is null or e.id > $1::uuid) and ($2::uuid is null or e.id <= $2::uuid)
    and e.aggregate = $3 and e.type = any($4)
    and not exists (
      select from backbone.event later
      where later.aggregate_id = e.aggregate_id and later.version > e.version and later.type = any($4)
    )
  order by e.id`;

async function republish(
  { nats, pool, log }: { nats: NatsLink; pool: Pool; log: Logger },
  request: z.output<typeof republishRequest>,
): Promise<z.input<typeof republishAnswer>> {
  const { consumer, aggregate, types, after } = request;
  const [manager, client] = [nats.manager(), nats.jetstream()];
  if (!manager || !client) throw new Error('NATS is away');
  if (after === null) await ensureStream(manager, replayStream, log);
  const page = await pool.query<{ id: string }>(pageSql, [after]);
  const end = page.rows[0]?.id ?? null;
  const { rows } = await pool.query<StoredEvent>(eventsSql, [after, end, aggregate, types]);
  let sequence = 0;
  for (let from = 0; from < rows.length; from += inFlight) {
    const acks = await Promise.all(
      rows
        .slice(from, from + inFlight)
        .map((event) => client.publish(`${replaySubject(consumer)}.${subjectOf(event)}`, encodeEnvelope(event))),
    );
    sequence = Math.max(sequence, ...acks.map((ack) => ack.seq));
  }
  return { last: end ?? rows.at(-1)?.id ?? after, done: end === null, events: rows.length, sequence };
}
