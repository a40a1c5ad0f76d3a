import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { withFrame } from '../database/framedTransaction.ts';
import { keepEventPartitions } from '../database/keepEventPartitions.ts';
import type { NatsLink } from '../nats/connectNats.ts';
import type { Scope } from '../service/scope.ts';
import { appendClosing, appendEvents, toStoredEvent } from './appendEvents.ts';
import type { EventContract, NewEvent, StoredEvent } from './event.ts';
import { createFastPath } from './fastPath.ts';
import { observeBacklog } from './observeBacklog.ts';
import { keepPruned } from './prune.ts';
import { createPublisher } from './publisher.ts';
import { answerRepublish } from './republish.ts';
import { rewind } from './rewind.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';
import type { SqlTransaction, TransactionRunner } from './transaction.ts';

/** Records a fact in the running transaction. */
export type RecordEvent = <Data>(event: EventContract<Data>, fact: NewEvent<Data>) => void;

/** How a command commits: its rows and its events in one transaction, then the way into the stream. */
export type Outbox<Tx extends SqlTransaction> = {
  /**
   * Runs the work and appends the events that it records, in ONE transaction; then publishes them without being awaited.
   * When the work throws, nothing is written and nothing is published.
   */
  commit<Result>(work: (tx: Tx, record: RecordEvent) => Promise<Result>): Promise<Result>;
  /** True while events go into the stream right after their commit; false while they wait in the outbox. */
  publishing(): boolean;
};

/**
 * Builds the outbox of a subgraph. `sweep` is for the processes that also work off what was left (ROLE worker or all); they
 * republish on request, and keep the backbone's tables, too.
 */
export function createOutbox<Tx extends SqlTransaction>(options: {
  publisher: string;
  prisma: TransactionRunner<Tx>;
  pool: Pool;
  nats: NatsLink;
  log: Logger;
  registry: Registry;
  scope: Scope;
  sweep: boolean;
  /** How often the stream is compared with what it has acknowledged, in milliseconds; a minute unless given. */
  verifyMs?: number;
}): Outbox<Tx> {
  const { prisma, pool, nats, log, registry, scope } = options;
  let sweeper: Sweeper | null = null;
  const { publisher, stop } = createPublisher({
    name: options.publisher,
    nats,
    log,
    async verify(manager) {
      // An ack that is not marked yet would be marked after the comparison, at a sequence that may be gone.
      await fastPath.flush();
      return rewind({ manager, stream: options.publisher, pool, log });
    },
    onWork: () => sweeper?.sweepAll(),
    verifyMs: options.verifyMs,
  });
  scope.defer('publisher', stop);
  const fastPath = createFastPath({ publisher, pool, log });
  scope.defer('fast path', () => fastPath.drain());
  if (options.sweep) {
    const running = createSweeper({ publisher, pool, log });
    sweeper = running;
    scope.defer('sweeper', () => running.stop());
    observeBacklog({ pool, log, registry });
    answerRepublish({ publisher: options.publisher, nats, pool, log, scope });
    keepEventPartitions({ pool, log, scope });
    keepPruned({ pool, log, scope });
  }

  return {
    publishing: () => publisher.ready(),
    async commit(work) {
      let events: StoredEvent[] = [];
      const result = await withFrame({}, (frame) =>
        prisma.$transaction(async (tx) => {
          events = [];
          const now = new Date();
          const done = await work(tx, (contract, fact) => {
            if (contract.publisher !== options.publisher) throw new Error(`${contract.type} is not ours to publish`);
            events.push(toStoredEvent(contract, fact, now));
          });
          if (!frame.taken) await appendEvents(tx, events);
          else if (events.length > 0) frame.closing = appendClosing(events);
          return done;
        }),
      );
      fastPath.offer(events);
      for (const { id, type, aggregateId } of events)
        log.info({ event_id: id, type, aggregate_id: aggregateId }, 'Event');
      return result;
    },
  };
}
