import { z } from 'zod';
import type { DomainEvent, EventContract, StoredEvent } from './event.ts';

/**
 * The event on the wire: CloudEvents 1.0 in structured JSON mode, with the distributed tracing extension (`traceparent`)
 * and three attributes of our own, whose names keep to the specification's lower-case letters and digits.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string(),
  type: z.string(),
  subject: z.uuid(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().optional(),
  actorid: z.uuid().optional(),
  aggregateversion: z.int().positive(),
  restated: z.literal(true).optional(),
  data: z.unknown(),
});

/** `<publisher>.<aggregate>.<aggregate id>.<event>`: one aggregate can be followed, and purged. */
export function subjectOf(event: Pick<StoredEvent, 'type' | 'aggregateId'>): string {
  const [publisher, aggregate, name] = event.type.split('.');
  return `${publisher}.${aggregate}.${event.aggregateId}.${name}`;
}

/** Writes the envelope of a stored event. */
export function encodeEnvelope(event: StoredEvent): string {
  const envelope: z.input<typeof envelopeSchema> = {
    specversion: '1.0',
    id: event.id,
    source: `/${event.type.split('.')[0]}`,
    type: event.type,
    subject: event.aggregateId,
    time: event.time.toISOString(),
    datacontenttype: 'application/json',
    ...(event.traceparent ? { traceparent: event.traceparent } : {}),
    ...(event.actorId ? { actorid: event.actorId } : {}),
    aggregateversion: event.version,
    ...(event.restated ? { restated: true } : {}),
    data: event.data,
  };
  return JSON.stringify(envelope);
}

/** Reads an envelope, without looking at its data. Throws a ZodError or a SyntaxError when it is none. */
export function decodeEnvelope(text: string): DomainEvent {
  const envelope = envelopeSchema.parse(JSON.parse(text));
  return {
    id: envelope.id,
    type: envelope.type,
    aggregateId: envelope.subject,
    version: envelope.aggregateversion,
    time: new Date(envelope.time),
    actorId: envelope.actorid ?? null,
    data: envelope.data,
    traceparent: envelope.traceparent ?? null,
    ...(envelope.restated ? { restated: true } : {}),
  };
}

/** Checks an event's data against its contract. Throws a ZodError when it does not fit. */
export function parseEvent<Data>(contract: EventContract<Data>, event: DomainEvent): DomainEvent<Data> {
  return { ...event, data: contract.data.parse(event.data) };
}
