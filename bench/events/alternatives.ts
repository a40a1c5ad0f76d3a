import { AckPolicy } from '@nats-io/jetstream';
import { statementConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { newId } from '#platform/ids.ts';
import { ensureStream } from '#platform/nats/streams.ts';
import { appendEvents, toStoredEvent } from '#platform/outbox/appendEvents.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import type { StoredEvent } from '#platform/outbox/event.ts';
import type { Scope } from '#platform/service/scope.ts';
import { connectBackbone, fact, type Transaction, thingChanged, watchCommits, writingEffects } from './backbone.ts';

/** The ways from a commit to a consumer's handler that are compared. The stream of each has its name. */
export const wayNames = ['bare', 'ours', 'polled'] as const;
export type WayName = (typeof wayNames)[number];

/** Where both halves of a way run: servers of the bench, a database for each way. */
export type WayInput = { way: WayName; databaseUrl: string; natsUrl: string };

/** Sends one event, which `key` identifies. `begun` is called when the way begins: at the commit, or at the publish. */
export type Send = (key: string, begun: () => void) => Promise<unknown>;

/** Called when the consumer's code begins with an event, before Postgres is asked, and when its effect is written and committed. */
export type Arrived = (key: string, stage: 'begun' | 'written') => void;

/** What a poller waits between two looks, in milliseconds. */
const pollMs = 50;

/** The first halves: what commits, or publishes. */
export const senders: Record<WayName, (input: WayInput, scope: Scope) => Promise<Send>> = {
  /** No database at all: publish to a stream, file storage. */
  async bare(input, scope) {
    const { client } = await connectStream(input, scope);
    const contract = thingChanged(input.way);
    return async (key, begun) => {
      const event = toStoredEvent(contract, fact(key), new Date());
      begun();
      await client.publish(subjectOf(event), encodeEnvelope(event), { msgID: event.id });
    };
  },

  /** The way of the system: the outbox, published right after the commit. */
  async ours(input, scope) {
    const backbone = connectBackbone({ ...input, service: input.way, scope });
    const marks = new WeakMap<object, () => void>();
    // The clock starts when the transaction has committed and nothing was published yet.
    const prisma = watchCommits(backbone.prisma, (result) => marks.get(result as object)?.());
    const outbox = createOutbox<Transaction>({ ...backbone, publisher: input.way, sweep: true, prisma });
    const contract = thingChanged(input.way);
    return (key, begun) =>
      outbox.commit(async (_tx, record) => {
        record(contract, fact(key));
        const result = {};
        marks.set(result, begun);
        return result;
      });
  },

  /** The same commit, but what is in the outbox is looked for every 50 ms. */
  async polled(input, scope) {
    const { client, prisma, pool } = await connectStream(input, scope);
    const poll = async () => {
      const { rows } = await pool.query<StoredEvent>(
        `select e.id, e.aggregate, e.aggregate_id as "aggregateId", e.version, e.type, e.time, e.actor_id as "actorId",
                e.data, e.changes, e.traceparent
         from backbone.outbox join backbone.event e on e.id = event_id order by event_id limit 500`,
      );
      await Promise.all(
        rows.map((event) => client.publish(subjectOf(event), encodeEnvelope(event), { msgID: event.id })),
      );
      if (rows.length > 0) {
        await pool.query('delete from backbone.outbox where event_id = any($1)', [rows.map(({ id }) => id)]);
      }
    };
    repeat(poll, pollMs, scope);
    const contract = thingChanged(input.way);
    return async (key, begun) => {
      const event = toStoredEvent(contract, fact(key), new Date());
      await prisma.$transaction((tx) => appendEvents(tx, [event]));
      begun();
    };
  },
};

/** The second halves: what consumes. */
export const receivers: Record<WayName, (input: WayInput, scope: Scope, arrived: Arrived) => Promise<void>> = {
  /** No database at all: consume from the stream, one message at a time, with explicit acks. */
  async bare(input, scope, arrived) {
    const { client, manager } = await connectStream(input, scope);
    await manager.consumers.add(input.way, { durable_name: 'bare', ack_policy: AckPolicy.Explicit });
    const messages = await (await client.consumers.get(input.way, 'bare')).consume({ max_messages: 200 });
    scope.defer('bare consumer', () => messages.close());
    void (async () => {
      for await (const message of messages) {
        arrived(message.json<{ data: { key: string } }>().data.key, 'begun');
        message.ack();
      }
    })();
  },
  ours: consume,
  polled: consume,
};

/** A fact consumer with its inbox, whose effect is a row. */
async function consume(input: WayInput, scope: Scope, arrived: Arrived): Promise<void> {
  const { way } = input;
  const backbone = connectBackbone({ ...input, service: `${way}-consumer`, scope });
  await backbone.pool.query('create table effect (event_id uuid primary key, title text not null)');
  const handler = statementConsumer({
    name: `${way}-on-thing`,
    events: [thingChanged(way)] as const,
    effect(events) {
      for (const { event } of events) arrived(event.data.key, 'begun');
      return writingEffects(events);
    },
    afterCommit: async ({ data }, _deps: object) => arrived(data.key, 'written'),
  });
  runConsumers({ ...backbone, consumers: [handler], deps: {} });
}

/** Connects, and makes sure of the stream. */
async function connectStream(input: WayInput, scope: Scope) {
  const backbone = connectBackbone({ ...input, service: input.way, scope });
  const { nats, log } = backbone;
  await nats.whenConnected(scope.signal);
  const [manager, client] = [nats.manager(), nats.jetstream()];
  if (!manager || !client) throw new Error('NATS is away');
  await ensureStream(manager, input.way, log);
  return { ...backbone, manager, client };
}

function repeat(work: () => Promise<void>, pauseMs: number, scope: Scope): void {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const begin = performance.now();
      await work();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, pauseMs - (performance.now() - begin))));
    }
  })();
  scope.defer('poller', async () => {
    stopped = true;
    await loop;
  });
}

/** A name for one event of a bench. */
export const newKey = (): string => newId();
