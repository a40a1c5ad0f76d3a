import { pino } from 'pino';
import { newId } from '../ids.ts';
import { connectNats } from '../nats/connectNats.ts';
import { ensureStream } from '../nats/streams.ts';
import { encodeEnvelope, subjectOf } from '../outbox/envelope.ts';
import type { EventContract, NewEvent, StoredEvent } from '../outbox/event.ts';
import type { Scope } from '../service/scope.ts';

/** Puts events into the streams, in the place of the subgraphs that publish them. */
export type Publisher = {
  /** Publishes a fact; returns it, so that it can be published again. */
  publish<Data>(contract: EventContract<Data>, fact: NewEvent<Data>): Promise<StoredEvent>;
  /** Publishes an event as it is, past the duplicate window: a redelivery. */
  again(event: StoredEvent): Promise<void>;
  /** Publishes any text under a contract's subject. */
  raw(contract: EventContract, text: string): Promise<void>;
};

/** Connects a publisher. */
export function startPublisher(scope: Scope, natsUrl: string): Publisher {
  const nats = connectNats({ url: natsUrl, service: 'test-publisher', log: pino({ level: 'silent' }), scope });
  const streams = new Set<string>();
  const send = async (publisher: string, subject: string, text: string) => {
    await nats.whenConnected(AbortSignal.timeout(10_000));
    const manager = nats.manager();
    const client = nats.jetstream();
    if (!manager || !client) throw new Error('NATS is away');
    if (!streams.has(publisher)) await ensureStream(manager, publisher);
    streams.add(publisher);
    await client.publish(subject, text, { msgID: newId() });
  };
  const again = (event: StoredEvent) => {
    const subject = subjectOf(event);
    return send(subject.split('.')[0] as string, subject, encodeEnvelope(event));
  };
  return {
    again,
    async publish(contract, fact) {
      const { type, aggregate } = contract;
      const event = { changes: {}, ...fact, id: newId(), type, aggregate, time: new Date(), traceparent: null };
      await again(event);
      return event;
    },
    raw: ({ publisher, aggregate, name }, text) =>
      send(publisher, `${publisher}.${aggregate}.${newId()}.${name}`, text),
  };
}
