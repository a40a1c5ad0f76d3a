import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EventContract } from '#events/defineEvent.ts';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { root } from '#platform/root.ts';
import { subgraphs } from '../subgraphs.ts';
import { type DeclaredConsumer, readConsumers } from './eventConsumers.ts';
import { exampleOf } from './eventExample.ts';
import { followers } from './eventFollowers.ts';
import { events, goldenOf } from './goldenEvents.ts';

/** The page of events: who publishes, who consumes, which fields, an example. */
export async function renderEventCatalogue(): Promise<Map<string, string>> {
  const consumers = await readConsumers();
  const descriptions = await readDescriptions();
  const sections = events.map((event) => renderEvent(event, consumers, descriptions.get(event.type) ?? ''));
  return new Map([['docs/events.md', `${[introduction(events, consumers), ...sections].join('\n\n')}\n`]]);
}

const introduction = (all: readonly EventContract[], consumers: readonly DeclaredConsumer[]) => `# Events

Every event of the system. This page is written by \`npm run generate\` from [events/](../events/README.md) and from the consumers
that the subgraphs declare. The envelope is [CloudEvents 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md)
in structured JSON; \`subject\` is the aggregate's id, \`aggregateversion\` its version after the event, \`actorid\` the person who did it.
Events arrive at least once and in any order. A **state** consumer keeps the highest version of each aggregate; a **fact** consumer
handles each event once. A **follower** reads the stream into its memory, anew after each start, and acknowledges nothing.

| event | published by | consumed by |
|---|---|---|
${all.map((event) => `| [\`${event.type}\`](#${anchorOf(event)}) | ${event.publisher} | ${namesOf(event, consumers)} |`).join('\n')}`;

/** As GitHub makes it of the heading: dots are dropped. */
const anchorOf = (event: EventContract) => event.type.replaceAll('.', '');

const consumersOf = (event: EventContract, consumers: readonly DeclaredConsumer[]) =>
  consumers.filter((consumer) => consumer.events.some((one) => one.type === event.type));

const followersOf = (event: EventContract) => followers.filter((follower) => follower.event.type === event.type);

const namesOf = (event: EventContract, consumers: readonly DeclaredConsumer[]) => {
  const names = consumersOf(event, consumers).map((consumer) => consumer.subgraph);
  return [...new Set([...names, ...followersOf(event).map(({ service }) => service)])].join(', ') || 'nobody yet';
};

function renderEvent(event: EventContract, consumers: readonly DeclaredConsumer[], description: string): string {
  const { subject, envelope } = exampleOf(event);
  const readers = [
    ...consumersOf(event, consumers).map(({ name, kind, file }) => `- [\`${name}\`](../${file}), a ${kind} consumer`),
    ...followersOf(event).map(({ service, file }) => `- [${service}](../${file}), a follower`),
  ];
  return [
    `## ${event.type}`,
    description,
    `Published by **${event.publisher}** (\`events/${event.publisher}.ts\`) about the aggregate **${event.aggregate}**, under the subject
\`${event.publisher}.${event.aggregate}.<${event.aggregate} id>.${event.name}\`. Schema: [golden](../events/golden/${event.type}.json).`,
    readers.length > 0 ? `Consumed by\n\n${readers.join('\n')}` : 'Consumed by nobody yet.',
    `| field | type |\n|---|---|\n${fieldsOf(goldenOf(event))
      .map(({ name, type }) => `| \`${name}\` | ${type} |`)
      .join('\n')}`,
    `\`${subject}\`:`,
    `\`\`\`json\n${JSON.stringify(envelope, null, 2)}\n\`\`\``,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The leaves of an object's schema, by path. */
export function fieldsOf(schema: JsonSchema, prefix = ''): { name: string; type: string }[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([field, value]) => {
    const name = `${prefix}${field}`;
    const note = required.includes(field) ? '' : ', optional';
    if (value.properties) return fieldsOf(value, `${name}.`).map((one) => ({ ...one, type: one.type + note }));
    const items = value.items as JsonSchema | undefined;
    if (items?.properties) return fieldsOf(items, `${name}[].`).map((one) => ({ ...one, type: one.type + note }));
    return [{ name, type: typeOf(value) + note }];
  });
}

function typeOf(schema: JsonSchema): string {
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (alternatives) return alternatives.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  if (typeof schema.format === 'string') return schema.format;
  return [schema.type ?? 'anything'].flat().join(' or ');
}

/** The docstring of each event's constant, by its type: what happened, in words. */
async function readDescriptions(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of subgraphs) {
    const text = await readFile(path.join(root, 'events', `${name}.ts`), 'utf8');
    const pattern = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const \w+ = defineEvent\(\{([\s\S]*?)data:/g;
    for (const [, comment = '', fields = ''] of text.matchAll(pattern)) {
      const value = (field: string) => new RegExp(`${field}: '?([^',]+)'?,`).exec(fields)?.[1];
      const type = `${value('publisher')}.${value('aggregate')}.${value('name')}.v${value('version')}`;
      found.set(type, comment.replace(/\s*\n\s*\*\s?/g, ' ').trim());
    }
  }
  return found;
}
