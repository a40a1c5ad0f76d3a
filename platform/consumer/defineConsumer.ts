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

/** Handles each event once, in any order: for effects that must not happen twice. */
export type FactConsumer<
  Tx,
  Deps,
  Events extends readonly EventContract[] = readonly EventContract[],
  Prepared = unknown,
> = Common<Events> & {
  kind: 'fact';
  /**
   * What is looked up first, before the transaction begins: asking another subgraph must not hold a connection. It runs again
   * for an event that was handled before.
   */
  prepare?(event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<Prepared>;
  /**
   * The effect; it shares its transaction with the inbox key. Throwing rolls both back, and counts as a failure. It may begin
   * with an event that was handled before; then none of its statements runs. So whatever it does is done by statements.
   */
  handle(tx: Tx, event: DomainEvent<DataOf<Events>>, deps: Deps, prepared: Prepared): Promise<void>;
  /**
   * What follows the commit: live hints, jobs under deterministic ids. It runs again for an event that was handled
   * before (the process may have died in between), so it has to be repeatable.
   */
  afterCommit?(event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<void>;
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
// biome-ignore lint/suspicious/noExplicitAny: a list of consumers of different events has no narrower common type
export type Consumer<Tx, Deps> = FactConsumer<Tx, Deps, any, any> | StateConsumer<any, any>;

/** Declares a fact consumer. */
export function factConsumer<Tx, Deps, const Events extends readonly EventContract[], Prepared = undefined>(
  consumer: Omit<FactConsumer<Tx, Deps, Events, Prepared>, 'kind'>,
): FactConsumer<Tx, Deps, Events, Prepared> {
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
