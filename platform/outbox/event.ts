import type { ZodType } from 'zod';

/** The contract of an event as the backbone sees it; events/defineEvent.ts makes them. */
export type EventContract<Data = unknown> = {
  readonly publisher: string;
  readonly aggregate: string;
  readonly name: string;
  readonly version: number;
  /** CloudEvents `type`, such as `tasks.task.created.v1`. */
  readonly type: string;
  readonly data: ZodType<Data>;
};

/** A fact that a command records, in the transaction that makes it true. */
export type NewEvent<Data = unknown> = {
  aggregateId: string;
  /** The aggregate's version after the change, from 1. */
  version: number;
  /** Who did it; null when the system did. */
  actorId: string | null;
  data: Data;
  /** The changed fields, before and after: the history that clients page through. */
  changes?: Record<string, { from: unknown; to: unknown }>;
};

/** A row of `backbone.event`, ready to be published. */
export type StoredEvent = {
  id: string;
  aggregate: string;
  aggregateId: string;
  version: number;
  type: string;
  time: Date;
  actorId: string | null;
  data: unknown;
  changes: Record<string, { from: unknown; to: unknown }>;
  traceparent: string | null;
  /** It says again, after a restore, what the aggregate is like: for projections, not for those who tell of facts. */
  restated?: boolean;
};

/** An event as a consumer's handler receives it: parsed, its data checked against the contract. */
export type DomainEvent<Data = unknown> = {
  id: string;
  type: string;
  aggregateId: string;
  version: number;
  time: Date;
  actorId: string | null;
  data: Data;
  traceparent: string | null;
  /** See {@link StoredEvent}. */
  restated?: boolean;
};
