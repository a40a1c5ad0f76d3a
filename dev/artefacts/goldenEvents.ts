import path from 'node:path';
import { z } from 'zod';
import type { EventContract } from '#events/defineEvent.ts';
import type { JsonSchema } from '#events/incompatibilities.ts';
import { root } from '#platform/root.ts';
import { requireParts } from '../subgraphParts.ts';
import { subgraphs } from '../subgraphs.ts';

requireParts((file) => file.startsWith('events/'));
const modules = await Promise.all(
  subgraphs.map((name): Promise<Record<string, unknown>> => import(path.join(root, 'events', `${name}.ts`))),
);

/** Every event of the system, in the order of their types: what events/<name>.ts of each subgraph declares. */
export const events: EventContract[] = modules
  .flatMap((module) => Object.values(module))
  .filter((value): value is EventContract => typeof value === 'object' && value !== null && 'publisher' in value)
  .sort((a, b) => (a.type < b.type ? -1 : 1));

/**
 * The JSON Schema of an event's data, as a consumer accepts it: an object that ignores what it does not know is open, and a
 * field with a default is optional.
 */
export function goldenOf(event: EventContract): JsonSchema {
  return { title: event.type, ...z.toJSONSchema(event.data, { io: 'input' }) };
}

/** Where the golden file of a type lies. */
export const goldenPath = (type: string): string => `events/golden/${type}.json`;

/** The schema of each declared event, by its type. */
export const declaredEvents = (): Map<string, JsonSchema> =>
  new Map(events.map((event) => [event.type, goldenOf(event)]));

/** A file an event: a change of a published event is seen in review. */
export function renderGoldenEvents(): Map<string, string> {
  const files = [...declaredEvents()].map(([type, schema]): [string, string] => [
    goldenPath(type),
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
  return new Map(files);
}
