import type { DomainEvent } from '../outbox/event.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';

/**
 * Forgets what the backbone of a consuming subgraph keeps of an aggregate's states before this event: dead letters of earlier
 * versions, messages that could not be read and name the aggregate, and the reasons of failures. A later state makes them
 * worthless, and they may have what is not to be found any more: the name of a workspace that was erased.
 *
 * @param consumers of the aggregate's events
 */
export async function forgetEarlier(
  tx: SqlTransaction,
  { aggregateId, version }: Pick<DomainEvent, 'aggregateId' | 'version'>,
  consumers: readonly string[],
): Promise<void> {
  await tx.$executeRawUnsafe(
    `delete from backbone.dead_letter
     where consumer = any($3)
       and ((event->>'subject' = $1 and (event->>'aggregateversion')::int < $2) or strpos(event->>'text', $1) > 0)`,
    aggregateId,
    version,
    consumers,
  );
  await tx.$executeRawUnsafe(`update backbone.failure set reason = '' where consumer = any($1)`, consumers);
}
