import type { Pool } from 'pg';
import { type Consumer, sourceOf } from './defineConsumer.ts';

/** What a consumer of each kind consists of, next to its name, kind and events. */
const parts = {
  fact: { needed: ['handle'], allowed: ['prepare', 'handle', 'afterCommit'] },
  statement: { needed: ['effect'], allowed: ['prepare', 'effect', 'gathers', 'afterCommit'] },
  state: { needed: ['projection', 'row'], allowed: ['projection', 'row'] },
} as const;

/**
 * Looks at consumers before anything runs; types alone don't hold what was built at run time. Throws with the consumer's name
 * when one is not what its kind consists of (a state consumer has no code of its own that runs on an event, and nothing
 * that follows the commit), takes events of several aggregates, or shares its name or its projection with another.
 */
export function checkConsumers(consumers: readonly Consumer<never, never>[]): void {
  const names = new Set<string>();
  const tables = new Map<string, string>();
  for (const consumer of consumers) {
    const { name, kind } = consumer;
    const refuse = (reason: string): never => {
      throw new Error(`Consumer ${name}: ${reason}`);
    };
    // Names are subjects, JetStream names and labels at once.
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)) refuse('its name consists of small letters, digits and dashes');
    if (names.has(name)) refuse('there are two of that name');
    names.add(name);
    if (kind !== 'fact' && kind !== 'state') refuse(`it is of no kind that there is: ${String(kind)}`);
    const has = Object.keys(consumer).filter((part) => !['name', 'kind', 'events'].includes(part));
    const { needed, allowed } = parts[kind === 'fact' && has.includes('effect') ? 'statement' : kind];
    const missing = needed.filter((part) => !has.includes(part));
    const strange = has.filter((part) => !(allowed as readonly string[]).includes(part));
    if (missing.length > 0) refuse(`a ${kind} consumer needs ${missing.join(' and ')}`);
    if (strange.length > 0) refuse(`a ${kind} consumer has no ${strange.join(', ')}`);
    sourceOf(consumer);
    if (consumer.kind === 'state') {
      const { table } = consumer.projection;
      const other = tables.get(table);
      if (other) refuse(`its projection ${table} is kept by ${other}`);
      tables.set(table, name);
    }
  }
}

/** A consumer's name was used by one of the other kind before: its inbox would mean something else. */
export class KindChanged extends Error {
  override readonly name = 'KindChanged';
}

/**
 * Writes down that a consumer runs here: its kind is what operators go by, and stays what it is. Throws {@link KindChanged}
 * when it was of the other kind before; a consumer that changes its kind takes another name.
 */
export async function registerConsumer(pool: Pool, consumer: Consumer<never, never>): Promise<void> {
  const projection = consumer.kind === 'state' ? consumer.projection.table : null;
  const { rowCount } = await pool.query(
    `insert into backbone.consumer (name, kind, stream, projection) values ($1, $2, $3, $4)
     on conflict (name) do update
     set stream = excluded.stream, projection = excluded.projection, started_at = now()
     where consumer.kind = excluded.kind`,
    [consumer.name, consumer.kind, sourceOf(consumer).stream, projection],
  );
  if (rowCount === 0) {
    throw new KindChanged(`${consumer.name} was no ${consumer.kind} consumer before: give it another name`);
  }
}
