import type { NamedStatement } from '../database/prefixedQuery.ts';
import type { DomainEvent, EventContract } from '../outbox/event.ts';
import type { Projection } from '../projection/defineProjection.ts';

/** The data of any of the events that a consumer names. */
type DataOf<Events extends readonly EventContract[]> = Events[number] extends EventContract<infer Data> ? Data : never;

type Common<Events extends readonly EventContract[]> = {
  /** The durable consumer's name in JetStream and its key in the inbox: `notifications-on-comment-added`. Never reused. */
  name: string;
  /** The events that it handles: all of one publisher and one aggregate. */
  events: Events;
};

/** What the consumers of facts have in common. */
type CommonFact<Deps, Events extends readonly EventContract[], Prepared, Written> = Common<Events> & {
  kind: 'fact';
  /**
   * What is looked up first, before the transaction begins: asking another subgraph must not hold a connection. It runs again
   * for an event that was handled before.
   */
  prepare?(event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<Prepared>;
  /**
   * What follows the commit: live hints, jobs under deterministic ids. It runs again for an event that was handled
   * before (the process may have died in between), so it has to be repeatable. `written` is what the effect's statement
   * returned for this event; undefined for an event that was handled before.
   */
  afterCommit?(event: DomainEvent<DataOf<Events>>, deps: Deps, written?: Written[]): Promise<void>;
};

/** Handles each event once, in any order, for an effect that must not happen twice. */
export type FactConsumer<
  Tx,
  Deps,
  Events extends readonly EventContract[] = readonly EventContract[],
  Prepared = unknown,
> = CommonFact<Deps, Events, Prepared, never> & {
  /**
   * The effect; it shares its transaction with the inbox key. Throwing rolls both back, and counts as a failure. It may begin
   * with an event that was handled before; then none of its statements runs. So whatever it does is done by statements.
   */
  handle(tx: Tx, event: DomainEvent<DataOf<Events>>, deps: Deps, prepared: Prepared): Promise<void>;
  effect?: never;
  gathers?: never;
};

/** An event, and what was looked up for it. */
export type PreparedEvent<Events extends readonly EventContract[], Prepared> = {
  event: DomainEvent<DataOf<Events>>;
  prepared: Prepared;
};

/**
 * A fact consumer whose effect is one statement, which costs a fraction of a transaction of its own: it goes in one exchange
 * with the inbox keys, for as many events at once as have come.
 */
export type StatementConsumer<
  Deps,
  Events extends readonly EventContract[] = readonly EventContract[],
  Prepared = unknown,
  Written extends { eventId: string } = { eventId: string },
> = CommonFact<Deps, Events, Prepared, Written> & {
  /**
   * The effect of all these events; null when they have none. It must lock rows in an order that is the same for all, or two
   * processes wait for each other. When it fails, it is tried again with each event by itself.
   */
  effect(events: readonly PreparedEvent<Events, Prepared>[]): NamedStatement | null;
  /**
   * True where some milliseconds don't matter: then one batch is handled at a time, and after it what comes is gathered for 10 ms,
   * which spares most of the exchanges with Postgres under load.
   */
  gathers?: boolean;
  handle?: never;
};

/**
 * Keeps a projection of another subgraph's aggregates. It has no code that runs on an event but a pure function: the runner
 * keeps the row, and compares the versions itself. So events may come in any order and more than once, there is nothing to
 * wait for, and the projection can be rebuilt from the publisher's history at any time.
 */
export type StateConsumer<
  Events extends readonly EventContract[] = readonly EventContract[],
  Row extends { version: number } = { version: number },
> = Common<Events> & {
  kind: 'state';
  /** The table, which belongs to this consumer alone. */
  projection: Projection<Row>;
  /** The row after the event, but for its version, which is the aggregate's. Each event carries all that is kept. */
  row(event: DomainEvent<DataOf<Events>>): Omit<Row, 'version'>;
};

/** A consumer of either kind, as the runner takes it. */
// biome-ignore-start lint/suspicious/noExplicitAny: a list of consumers of different events has no narrower common type
export type Consumer<Tx, Deps> =
  | FactConsumer<Tx, Deps, any, any>
  | StatementConsumer<Deps, any, any, any>
  | StateConsumer<any, any>;
// biome-ignore-end lint/suspicious/noExplicitAny: see above

/** Declares a fact consumer. */
export function factConsumer<Tx, Deps, const Events extends readonly EventContract[], Prepared = undefined>(
  consumer: Omit<FactConsumer<Tx, Deps, Events, Prepared>, 'kind'>,
): FactConsumer<Tx, Deps, Events, Prepared> {
  return { kind: 'fact', ...consumer };
}

/** Declares a fact consumer whose effect is one statement. */
export function statementConsumer<
  Deps,
  const Events extends readonly EventContract[],
  Written extends { eventId: string },
  Prepared = undefined,
>(
  consumer: Omit<StatementConsumer<Deps, Events, Prepared, Written>, 'kind'>,
): StatementConsumer<Deps, Events, Prepared, Written> {
  return { kind: 'fact', ...consumer };
}

/** Declares a state consumer. */
export function stateConsumer<const Events extends readonly EventContract[], Row extends { version: number }>(
  consumer: Omit<StateConsumer<Events, Row>, 'kind'>,
): StateConsumer<Events, Row> {
  return { kind: 'state', ...consumer };
}

/** Where a consumer's events come from: its publisher's stream, their subjects, and the one subject that covers them. */
export function sourceOf(consumer: Pick<Consumer<never, never>, 'name' | 'events'>): {
  stream: string;
  aggregate: string;
  subjects: string[];
  cover: string;
} {
  const events: readonly EventContract[] = consumer.events;
  const [first] = events;
  if (!first || events.some((one) => one.publisher !== first.publisher || one.aggregate !== first.aggregate)) {
    throw new Error(`Consumer ${consumer.name}: events of exactly one publisher and one aggregate are needed`);
  }
  const of = (name: string) => `${first.publisher}.${first.aggregate}.*.${name}`;
  const subjects = [...new Set(events.map((one) => of(one.name)))];
  return { stream: first.publisher, aggregate: first.aggregate, subjects, cover: of('*') };
}
