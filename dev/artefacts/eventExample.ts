import { createHash } from 'node:crypto';
import type { EventContract } from '#events/defineEvent.ts';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import { goldenOf } from './goldenEvents.ts';

/** An event as it would lie in the stream: its subject, and the CloudEvent. */
export type EventExample = { subject: string; envelope: { id: string; data: unknown } };

/** When every example happened. */
const time = new Date('2026-03-01T09:30:00.000Z');

/**
 * An example of an event, made of its schema and always the same. A field with the same path has the same id everywhere, and
 * the aggregate has the id that its data gives it.
 */
export function exampleOf(event: EventContract): EventExample {
  const data = exampleData(goldenOf(event)) as Record<string, { id?: unknown } | undefined>;
  const own = data[event.aggregate]?.id;
  const stored = {
    id: uuid(`event ${event.type}`),
    aggregate: event.aggregate,
    aggregateId: typeof own === 'string' ? own : uuid(`${event.aggregate}Id`),
    version: 1,
    type: event.type,
    time,
    actorId: uuid('userId'),
    data,
    changes: {},
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  return { subject: subjectOf(stored), envelope: JSON.parse(encodeEnvelope(stored)) };
}

/**
 * A value that a schema accepts: the first of an enum, what is not null where there is a choice, one item in a list, every
 * field of an object. Knows what events are made of; throws for a schema that it has no example for.
 */
export function exampleData(schema: JsonSchema, name = '', parent = ''): unknown {
  if ('const' in schema) return schema.const;
  if ('default' in schema) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum.find((value) => value !== null);
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (alternatives) {
    const chosen = alternatives.find((one) => one.type !== 'null') ?? alternatives[0];
    return chosen ? exampleData(chosen, name, parent) : null;
  }
  const [type] = [schema.type].flat().filter((one) => one !== 'null');
  switch (type) {
    case 'object':
      return exampleObject(schema, name);
    case 'array':
      return Array.isArray(schema.prefixItems)
        ? schema.prefixItems.map((item) => exampleData(item as JsonSchema, name, parent))
        : [exampleData((schema.items ?? {}) as JsonSchema, name, parent)];
    case 'string':
      return exampleText(schema, name, parent);
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema.minimum ?? 1), Number(schema.exclusiveMinimum ?? 0) + 1);
    case 'boolean':
      return true;
    case undefined:
      return '$ref' in schema ? unknown(schema, name) : null;
    default:
      return unknown(schema, name);
  }
}

function unknown(schema: JsonSchema, name: string): never {
  throw new Error(`There is no example for ${name}: ${JSON.stringify(schema)}`);
}

function exampleObject(schema: JsonSchema, name: string): Record<string, unknown> {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  if (fields.length === 0 && typeof schema.additionalProperties === 'object') {
    return { key: exampleData(schema.additionalProperties as JsonSchema, 'value', name) };
  }
  return Object.fromEntries(fields.map(([field, value]) => [field, exampleData(value, field, name)]));
}

/** What people would write into a field of that name. */
const texts: Record<string, string> = {
  key: 'WEB-42',
  title: 'Fix the header',
  body: 'It overlaps the menu on small screens.',
  name: 'Ada Lovelace',
  'project key': 'WEB',
  'project name': 'Web site',
  'workspace name': 'Analytical Engines',
  email: 'ada@example.com',
  avatarUrl: 'https://example.com/ada.png',
  changed: 'title',
};

function exampleText(schema: JsonSchema, name: string, parent: string): string {
  switch (schema.format) {
    case 'uuid':
      return uuid(name === 'id' ? `${parent}Id` : name);
    case 'date-time':
      return time.toISOString();
    case 'date':
      return time.toISOString().slice(0, 10);
    case 'email':
      return 'ada@example.com';
    case 'uri':
      return `https://example.com/${name}`;
    default: {
      const text = texts[`${parent} ${name}`] ?? texts[name] ?? (name || 'text');
      return text.slice(0, Number(schema.maxLength ?? text.length)).padEnd(Number(schema.minLength ?? 0), '.');
    }
  }
}

/** A UUIDv7 of the examples' moment whose random part comes from the text. */
function uuid(text: string): string {
  const random = createHash('sha256').update(text).digest('hex');
  const hex = `${time.getTime().toString(16).padStart(12, '0')}7${random.slice(0, 3)}8${random.slice(3, 18)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
