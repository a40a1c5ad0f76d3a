import type { SqlTransaction } from '../outbox/transaction.ts';

/**
 * Forgets what the backbone of a consuming subgraph keeps of an aggregate's events, when somebody is erased: its dead letters,
 * messages that could not be read and name it, and the reasons of failures, which may quote what was in an event.
 *
 * @param type of the event that brings the erasure: its own dead letters stay
 * @param consumers of the aggregate's events
 */
export async function forgetAggregate(
  tx: SqlTransaction,
  { id, type, consumers }: { id: string; type: string; consumers: readonly string[] },
): Promise<void> {
  await tx.$executeRawUnsafe(
    `delete from backbone.dead_letter
     where (event->>'subject' = $1 and event->>'type' <> $2) or strpos(event->>'text', $1) > 0`,
    id,
    type,
  );
  await tx.$executeRawUnsafe(`update backbone.failure set reason = '' where consumer = any($1)`, consumers);
}
