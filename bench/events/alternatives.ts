import { AckPolicy } from '@nats-io/jetstream';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { runConsumers } from '#platform/consumer/runConsumers.ts';
import { newId } from '#platform/ids.ts';
import { ensureStream } from '#platform/nats/streams.ts';
import { appendEvents, toStoredEvent } from '#platform/outbox/appendEvents.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import type { StoredEvent } from '#platform/outbox/event.ts';
import type { Scope } from '#platform/service/scope.ts';
import type { Ground } from '../ground.ts';
import { connectBackbone, fact, type Transaction, thingChanged, watchCommits } from './backbone.ts';

/** A way from a commit to a consumer's handler. */
export type Way = {
  name: string;
  /** Sends one event, which `key` identifies. `begun` is called when the way begins: at the commit, or at the publish. */
  send(key: string, begun: () => void): Promise<unknown>;
};

/** Called when a handler begins with an event. */
export type Arrived = (key: string) => void;

/** What a poller waits between two looks, in milliseconds. */
const pollMs = 50;

/** No database at all: publish to a stream (file storage) and consume from it, one message at a time, with explicit acks. */
export async function bareWay({ system, scope }: Ground, databaseUrl: string, arrived: Arrived): Promise<Way> {
  const stream = 'bare';
  const { nats, log } = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: stream, scope });
  await nats.whenConnected(scope.signal);
  const [manager, client] = [nats.manager(), nats.jetstream()];
  if (!manager || !client) throw new Error('NATS is away');
  await ensureStream(manager, stream, log);
  await manager.consumers.add(stream, { durable_name: 'bare', ack_policy: AckPolicy.Explicit });
  const messages = await (await client.consumers.get(stream, 'bare')).consume({ max_messages: 200 });
  scope.defer('bare consumer', () => messages.close());
  void (async () => {
    for await (const message of messages) {
      arrived(message.json<{ data: { key: string } }>().data.key);
      message.ack();
    }
  })();
  const contract = thingChanged(stream);
  return {
    name: 'bare',
    async send(key, begun) {
      const event = toStoredEvent(contract, fact(key), new Date());
      begun();
      await client.publish(subjectOf(event), encodeEnvelope(event), { msgID: event.id });
    },
  };
}

function handlerOf(stream: string, arrived: Arrived) {
  return factConsumer({
    name: `${stream}-on-thing`,
    events: [thingChanged(stream)] as const,
    handle: async (_tx: Transaction, event, _deps: object) => arrived(event.data.key),
  });
}

/** The way of the system: outbox, published right after the commit, and a fact consumer with its inbox. */
export async function ourWay({ system, scope }: Ground, databaseUrl: string, arrived: Arrived): Promise<Way> {
  const stream = 'ours';
  const backbone = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: stream, scope });
  const marks = new WeakMap<object, () => void>();
  // The clock starts when the transaction has committed and nothing was published yet.
  const prisma = watchCommits(backbone.prisma, (result) => marks.get(result as object)?.());
  const outbox = createOutbox<Transaction>({ ...backbone, publisher: stream, sweep: true, prisma });
  startConsumer(system.urls.nats, databaseUrl, stream, scope, arrived);
  const contract = thingChanged(stream);
  return {
    name: 'ours',
    send: (key, begun) =>
      outbox.commit(async (_tx, record) => {
        record(contract, fact(key));
        const result = {};
        marks.set(result, begun);
        return result;
      }),
  };
}

/** The same commit and the same consumer, but what is in the outbox is looked for every 50 ms. */
export async function pollingWay({ system, scope }: Ground, databaseUrl: string, arrived: Arrived): Promise<Way> {
  const stream = 'polled';
  const backbone = connectBackbone({ databaseUrl, natsUrl: system.urls.nats, service: stream, scope });
  const { prisma, pool, nats, log } = backbone;
  await nats.whenConnected(scope.signal);
  const [manager, client] = [nats.manager(), nats.jetstream()];
  if (!manager || !client) throw new Error('NATS is away');
  await ensureStream(manager, stream, log);
  startConsumer(system.urls.nats, databaseUrl, stream, scope, arrived);
  const poll = async () => {
    const { rows } = await pool.query<StoredEvent>(
      `select e.id, e.aggregate, e.aggregate_id as "aggregateId", e.version, e.type, e.time, e.actor_id as "actorId", e.data,
              e.changes, e.traceparent
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
  const contract = thingChanged(stream);
  return {
    name: 'polled',
    async send(key, begun) {
      const event = toStoredEvent(contract, fact(key), new Date());
      await prisma.$transaction((tx) => appendEvents(tx, [event]));
      begun();
    },
  };
}

/** With connections of its own, as another subgraph has them. */
function startConsumer(natsUrl: string, databaseUrl: string, stream: string, scope: Scope, arrived: Arrived): void {
  const backbone = connectBackbone({ databaseUrl, natsUrl, service: `${stream}-consumer`, scope });
  runConsumers({ ...backbone, consumers: [handlerOf(stream, arrived)], deps: {} });
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
