import type { DomainEvent, EventContract } from '../outbox/event.ts';

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
> = Common<Events> & {
  kind: 'fact';
  /** The effect; it shares its transaction with the inbox key. Throwing rolls both back, and counts as a failure. */
  handle(tx: Tx, event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<void>;
  /**
   * What follows the commit: live hints, jobs under deterministic ids. It runs again for an event that was handled
   * before (the process may have died in between), so it has to be repeatable.
   */
  afterCommit?(event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<void>;
};

/** Keeps a projection of another subgraph's aggregates. */
export type StateConsumer<
  Tx,
  Deps,
  Events extends readonly EventContract[] = readonly EventContract[],
> = Common<Events> & {
  kind: 'state';
  /**
   * Upserts where the stored version is lower than the event's. Events arrive in any order and more than once, and each
   * carries all the state that is kept, so there is nothing to wait for; what is gone stays as a tombstone.
   */
  apply(tx: Tx, event: DomainEvent<DataOf<Events>>, deps: Deps): Promise<void>;
};

/** A consumer of either kind, as the runner takes it. */
// biome-ignore lint/suspicious/noExplicitAny: a list of consumers of different events has no narrower common type
export type Consumer<Tx, Deps> = FactConsumer<Tx, Deps, any> | StateConsumer<Tx, Deps, any>;

/** Declares a fact consumer. */
export function factConsumer<Tx, Deps, const Events extends readonly EventContract[]>(
  consumer: Omit<FactConsumer<Tx, Deps, Events>, 'kind'>,
): FactConsumer<Tx, Deps, Events> {
  return { kind: 'fact', ...consumer };
}

/** Declares a state consumer. */
export function stateConsumer<Tx, Deps, const Events extends readonly EventContract[]>(
  consumer: Omit<StateConsumer<Tx, Deps, Events>, 'kind'>,
): StateConsumer<Tx, Deps, Events> {
  return { kind: 'state', ...consumer };
}

/** Where a consumer's events come from: its publisher's stream, and the one subject that covers them. */
export function sourceOf(consumer: Consumer<never, never>): { stream: string; filterSubject: string } {
  const events: readonly EventContract[] = consumer.events;
  const [first] = events;
  if (!first || events.some((one) => one.publisher !== first.publisher || one.aggregate !== first.aggregate)) {
    throw new Error(`Consumer ${consumer.name}: events of exactly one publisher and one aggregate are needed`);
  }
  // nats-server 2.9 has one filter subject a consumer: several events of an aggregate share a wildcard.
  const names = new Set(events.map((one) => one.name));
  return {
    stream: first.publisher,
    filterSubject: `${first.publisher}.${first.aggregate}.*.${names.size === 1 ? first.name : '*'}`,
  };
}
