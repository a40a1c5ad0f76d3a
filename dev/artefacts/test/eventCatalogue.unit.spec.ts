import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { EventContract } from '#events/defineEvent.ts';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { decodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import { root } from '#platform/root.ts';
import { gatewayEnvSchema } from '../../../gateway/src/env.ts';
import { subgraphs } from '../../subgraphs.ts';
import { fieldsOf, renderEventCatalogue } from '../eventCatalogue.ts';
import { readConsumers } from '../eventConsumers.ts';
import { exampleData, exampleOf } from '../eventExample.ts';
import { followers } from '../eventFollowers.ts';
import { events } from '../goldenEvents.ts';

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' }) as JsonSchema;

describe.each(events.map((event): [string, EventContract] => [event.type, event]))(
  'the example of %s',
  (_type, event) => {
    it('is a CloudEvent whose data fits the contract, under its subject', () => {
      const { subject, envelope } = exampleOf(event);
      const decoded = decodeEnvelope(JSON.stringify(envelope));
      expect(event.data.parse(decoded.data)).toEqual(envelope.data);
      expect(decoded.type).toBe(event.type);
      expect(subject).toBe(subjectOf(decoded));
    });

    it('is always the same', () => {
      expect(exampleOf(event)).toEqual(exampleOf(event));
    });
  },
);

describe('an example', () => {
  const types: [string, z.ZodType][] = [
    ['an enum', z.enum(['A', 'B'])],
    ['a nullable', z.string().nullable()],
    ['null', z.null()],
    ['a constant', z.literal(7)],
    ['a list', z.array(z.object({ id: z.uuid() }))],
    ['a tuple', z.tuple([z.string(), z.int()])],
    ['a map', z.record(z.string(), z.int())],
    ['a date', z.iso.datetime()],
    ['a number with a limit', z.int().min(5)],
    ['a positive number', z.number().positive()],
    ['a text with limits', z.string().min(3).max(4)],
    ['an address', z.email()],
    ['a boolean', z.boolean()],
    ['alternatives', z.union([z.object({ a: z.string() }), z.null()])],
    ['anything', z.unknown()],
  ];
  it.each(types)('of %s fits its schema', (_name, type) => {
    expect(() => type.parse(exampleData(schemaOf(type)))).not.toThrow();
  });

  it('is refused for what no event is made of', () => {
    expect(() => exampleData({ type: 'function' })).toThrow(/no example/);
  });
});

describe('the events', () => {
  it('are those of every publisher that has a file', () => {
    const files = readdirSync(join(root, 'events')).filter((name) => name.endsWith('.ts') && !name.includes('.spec.'));
    const publishers = files
      .filter((name) => readFileSync(join(root, 'events', name), 'utf8').includes('= defineEvent('))
      .map((name) => name.replace('.ts', ''));
    expect(publishers.length).toBeGreaterThan(3);
    expect([...new Set(events.map((event) => event.publisher))].sort()).toEqual(publishers.sort());
    for (const name of publishers) expect(subgraphs).toContain(name);
  });
});

describe('the page of events', () => {
  it('has each event with its consumers and their kinds', async () => {
    const page = (await renderEventCatalogue()).get('docs/events.md') ?? '';
    for (const { type } of events) expect(page).toContain(`\n## ${type}\n`);
    const consumers = await readConsumers();
    expect(consumers.length).toBeGreaterThan(5);
    for (const { name, kind, file, events: consumed } of consumers) {
      for (const { type } of consumed) {
        const section = page.slice(page.indexOf(`\n## ${type}\n`)).split('\n## ')[1];
        expect(section).toContain(`- [\`${name}\`](../${file}), a ${kind} consumer`);
      }
    }
    expect(page).toContain('A task was created. The aggregate is the task.');
  });

  it('has each follower with its event', async () => {
    const page = (await renderEventCatalogue()).get('docs/events.md') ?? '';
    expect(followers.length).toBeGreaterThan(0);
    for (const { service, event, file } of followers) {
      expect(page).toMatch(new RegExp(`^\\| \\[\`${event.type}\`\\].*\\b${service}\\b.*\\|$`, 'm'));
      const section = page.slice(page.indexOf(`\n## ${event.type}\n`)).split('\n## ')[1];
      expect(section).toContain(`- [${service}](../${file}), a follower`);
    }
  });

  it('lists the fields by their paths', () => {
    const schema = schemaOf(
      z.object({ a: z.object({ b: z.uuid().nullable() }), c: z.array(z.object({ d: z.int() })).optional() }),
    );
    expect(fieldsOf(schema)).toEqual([
      { name: 'a.b', type: 'uuid or null' },
      { name: 'c[].d', type: 'integer, optional' },
    ]);
  });
});

describe('the followers', () => {
  /** What makes a consumer that is not durable. */
  const follows = (file: string) => /deliver_policy|opt_start_time/.test(readFileSync(join(root, file), 'utf8'));

  it('are functions that there are, of the processes that they are said to be in', async () => {
    for (const { service, event, file } of followers) {
      expect(file.startsWith(`${service}/src/`) || file.startsWith(`subgraphs/${service}/src/`)).toBe(true);
      expect(await import(join(root, file))).toHaveProperty(basename(file, '.ts'), expect.any(Function));
      expect(follows(file)).toBe(true);
      expect(events).toContain(event);
    }
  });

  it('are all that follow: no file of a service does that is not among them', () => {
    const files = ['gateway/src', ...subgraphs.map((name) => `subgraphs/${name}/src`)].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    );
    const following = files.filter((file) => file.endsWith('.ts') && !file.includes('.spec.') && follows(file));
    expect(following.sort()).toEqual(followers.map(({ file }) => file).sort());
  });

  it('get what they follow: the gateway its ended sessions, by the subject of their event', () => {
    const { data: subject } = z.string().safeParse(gatewayEnvSchema.shape.REVOCATIONS_SUBJECT.parse(undefined));
    const followed = followers.filter(({ service }) => service === 'gateway').map(({ event }) => event);
    expect(followed.map(({ publisher, aggregate, name }) => `${publisher}.${aggregate}.*.${name}`)).toEqual([subject]);
  });
});
