import type { SqlTransaction } from './transaction.ts';

/**
 * Replaces values in the history of these aggregates, and takes away what they were before and after: the erasure of a person.
 * What an event does not have is not added, so it fits its contract afterwards as it did before, and is published,
 * republished and restated without what was replaced. Messages that lie in a stream already: {@link purgeRedacted}.
 *
 * @param values by their place in the event's data: `user.name`
 */
export async function redactEvents(
  tx: SqlTransaction,
  aggregateIds: readonly string[],
  values: Record<string, string | null>,
): Promise<void> {
  if (aggregateIds.length === 0) return;
  const places = Object.entries(values);
  const data = places.reduce(
    (inner, _place, index) => `jsonb_set(${inner}, $${2 * index + 2}::text[], $${2 * index + 3}::jsonb, false)`,
    'data',
  );
  await tx.$executeRawUnsafe(`select set_config('backbone.redact', 'on', true)`);
  await tx.$executeRawUnsafe(
    `update backbone.event set data = ${data}, changes = '{}' where aggregate_id = any($1::uuid[])`,
    aggregateIds,
    ...places.flatMap(([place, value]) => [place.split('.'), JSON.stringify(value)]),
  );
  await tx.$executeRawUnsafe(`select set_config('backbone.redact', '', true)`);
}
