import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NatsLink } from '../nats/connectNats.ts';
import { readConsumerLag } from '../nats/consumerLag.ts';
import { sampledGauges } from '../service/sampledGauges.ts';
import { type Consumer, sourceOf } from './defineConsumer.ts';

/** Gauges of how far each consumer is behind, and of what it has put aside. Replicas tell the same: take the maximum. */
export function observeConsumers(options: {
  consumers: readonly Consumer<never, never>[];
  pool: Pool;
  nats: NatsLink;
  log: Logger;
  registry: Registry;
}): void {
  const { consumers, pool, nats, log, registry } = options;
  const labels = ['consumer'];
  sampledGauges({
    registry,
    log,
    gauges: {
      taskgraph_consumer_pending: { help: 'Events in the stream that the consumer was not sent yet', labels },
      taskgraph_consumer_ack_pending: { help: 'Events that the consumer was sent and has not acknowledged', labels },
      taskgraph_consumer_oldest_seconds: {
        help: 'How long ago the oldest event was published that the consumer has not acknowledged',
        labels,
      },
    },
    async read() {
      const manager = nats.manager();
      if (!manager || !nats.connected()) throw new Error('NATS is away');
      const lags = await Promise.all(
        consumers.map((consumer) => readConsumerLag(manager, sourceOf(consumer).stream, consumer.name)),
      );
      return lags.flatMap(({ consumer, pending, ackPending, oldestSeconds }) => [
        { name: 'taskgraph_consumer_pending' as const, labels: { consumer }, value: pending },
        { name: 'taskgraph_consumer_ack_pending' as const, labels: { consumer }, value: ackPending },
        { name: 'taskgraph_consumer_oldest_seconds' as const, labels: { consumer }, value: oldestSeconds },
      ]);
    },
  });
  sampledGauges({
    registry,
    log,
    gauges: {
      taskgraph_dead_letters: { help: 'Events that the consumer has put aside', labels },
      taskgraph_rebuilding: { help: '1 while the projection of the consumer is being rebuilt', labels },
    },
    async read() {
      const { rows } = await pool.query<{ consumer: string; letters: number; rebuilding: number }>({
        name: 'backbone-put-aside',
        text: `select name as consumer,
                      (select count(*)::int from backbone.dead_letter d where d.consumer = name) as letters,
                      (select count(*)::int from backbone.rebuild r where r.consumer = name) as rebuilding
               from unnest($1::text[]) as name`,
        values: [consumers.map((one) => one.name)],
      });
      return rows.flatMap(({ consumer, letters, rebuilding }) => [
        { name: 'taskgraph_dead_letters' as const, labels: { consumer }, value: letters },
        { name: 'taskgraph_rebuilding' as const, labels: { consumer }, value: rebuilding },
      ]);
    },
  });
}
