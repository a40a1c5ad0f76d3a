import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { NatsFeatures } from './features.ts';
import { differences, ignoreExisting, isNotFound } from './streams.ts';

/** What a durable consumer of the backbone is declared by. */
export type DurableConsumer = {
  stream: string;
  name: string;
  /** The subjects that it takes. */
  subjects: readonly string[];
  /** The one subject that covers them, for servers that take only one. */
  cover: string;
  ackWaitMs: number;
  /** Who runs it, and of which kind it is: kept with the consumer where the server can. */
  metadata: Record<string, string>;
};

/** The consumer's configuration on a server with these features. */
export function consumerConfig(durable: DurableConsumer, features: NatsFeatures): Partial<ConsumerConfig> {
  const several = features.filterSubjects && durable.subjects.length > 1;
  return {
    durable_name: durable.name,
    // Both are named: a server that was brought up to date, or back, has the other one set.
    filter_subject: several ? undefined : durable.subjects.length === 1 ? durable.subjects[0] : durable.cover,
    filter_subjects: several ? [...durable.subjects] : undefined,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(durable.ackWaitMs),
    max_ack_pending: 10_000,
    max_deliver: -1,
    ...(features.consumerMetadata ? { metadata: durable.metadata } : {}),
  };
}

/**
 * Creates a durable consumer or brings it up to its declaration, and logs what was changed. One that is ahead of its stream
 * is made anew: the stream was rolled back behind it, and it would stay silent until the stream has caught up. What it
 * has handled, the inbox drops.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  durable: DurableConsumer,
  features: NatsFeatures,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
): Promise<void> {
  const { stream, name } = durable;
  const config = consumerConfig(durable, features);
  const line = { stream, consumer: name };
  try {
    const [{ config: current, delivered }, { state }] = await Promise.all([
      manager.consumers.info(stream, name),
      manager.streams.info(stream),
    ]);
    if (delivered.stream_seq > state.last_seq) {
      await manager.consumers.delete(stream, name);
      await ignoreExisting(() => manager.consumers.add(stream, config));
      const sequences = { delivered: delivered.stream_seq, last: state.last_seq };
      log.error({ ...line, ...sequences }, 'The consumer was ahead of its stream; made anew');
      return;
    }
    const { deliver_policy: _fixed, ...changeable } = config;
    const changes = differences(changeable, current);
    if (Object.keys(changes).length === 0) return;
    await manager.consumers.update(stream, name, changeable);
    log.warn({ ...line, changes }, 'The consumer was not as declared; changed');
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await ignoreExisting(() => manager.consumers.add(stream, config));
    log.info(line, 'The consumer is new');
  }
}
