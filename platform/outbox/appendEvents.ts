import type { NamedStatement } from '../database/prefixedQuery.ts';
import { newId } from '../ids.ts';
import { traceparent } from '../telemetry/trace.ts';
import type { EventContract, NewEvent, StoredEvent } from './event.ts';
import type { SqlTransaction } from './transaction.ts';

/**
 * Makes the row of a fact. Its data is checked against the contract here, so that no event can be written that a
 * consumer could not read. Throws a ZodError, which is a defect of the command and rolls its transaction back.
 */
export function toStoredEvent<Data>(contract: EventContract<Data>, fact: NewEvent<Data>, now: Date): StoredEvent {
  return {
    id: newId(),
    aggregate: contract.aggregate,
    aggregateId: fact.aggregateId,
    version: fact.version,
    type: contract.type,
    time: now,
    actorId: fact.actorId,
    data: contract.data.parse(fact.data),
    changes: fact.changes ?? {},
    traceparent: traceparent() ?? null,
  };
}

const appendSql = `
  with facts as (
    insert into backbone.event (id, aggregate, aggregate_id, version, type, time, actor_id, data, changes, traceparent)
    select id, aggregate, "aggregateId", version, type, time, "actorId", data, changes, traceparent
    from jsonb_to_recordset($1::jsonb) as fact (
      id uuid, aggregate text, "aggregateId" uuid, version int, type text, time timestamptz, "actorId" uuid,
      data jsonb, changes jsonb, traceparent text
    )
    returning id
  )
  insert into backbone.outbox (event_id) select id from facts`;

/** Appends events to the history and to the outbox: one statement, in the transaction of the change itself. */
export async function appendEvents(tx: SqlTransaction, events: StoredEvent[]): Promise<void> {
  if (events.length > 0) await tx.$executeRawUnsafe(appendSql, JSON.stringify(events));
}

/** The same as the closing of a transaction: it goes in one exchange with COMMIT. There has to be an event. */
export const appendClosing = (events: StoredEvent[]): NamedStatement => ({
  name: 'backbone-append',
  text: appendSql,
  values: [JSON.stringify(events)],
});
