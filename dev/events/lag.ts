import type { JetStreamManager } from '@nats-io/jetstream';
import { type ConsumerLag, readConsumerLag } from '#platform/nats/consumerLag.ts';
import { replayStream } from '#platform/nats/streams.ts';
import { type Backlog, readBacklog } from '#platform/outbox/observeBacklog.ts';
import type { Database } from './connect.ts';
import { duration, type Output, table } from './print.ts';

/** A consumer as its subgraph has written it down. */
type Registered = {
  name: string;
  kind: string;
  stream: string;
  letters: number;
  rebuilding: string | null;
  fresh: boolean;
};

/** How far everything is behind. `lag` is null where the server has no such consumer. */
export type Lag = {
  consumers: (Registered & { subgraph: string; lag: ConsumerLag | null })[];
  outboxes: (Backlog & { subgraph: string })[];
};

/** Reads consumer lag, dead letters and outbox backlog; without NATS (null), what Postgres knows. */
export async function readLag(databases: Database[], manager: JetStreamManager | null): Promise<Lag> {
  const known = await Promise.all(
    databases.map(async (database) => {
      const { rows } = await database.query<Registered>(
        `select c.name, c.kind, c.stream, r.phase as rebuilding,
                (select count(*)::int from backbone.dead_letter d where d.consumer = c.name) as letters,
                coalesce(c.fresh_at > clock_timestamp() - interval '5 s', false) and r.consumer is null as fresh
         from backbone.consumer c left join backbone.rebuild r on r.consumer = c.name order by c.name`,
      );
      const consumers = rows.map(async (consumer) => ({
        ...consumer,
        subgraph: database.name,
        lag: manager && (await readConsumerLag(manager, consumer.stream, consumer.name).catch(() => null)),
      }));
      return {
        consumers: await Promise.all(consumers),
        outbox: { subgraph: database.name, ...(await readBacklog(database)) },
      };
    }),
  );
  return { consumers: known.flatMap((one) => one.consumers), outboxes: known.map((one) => one.outbox) };
}

/** Durable consumers that the server keeps and that no subgraph has written down: nobody acknowledges for them. */
export async function findStrangers(manager: JetStreamManager, { consumers }: Lag): Promise<string[]> {
  const known = new Set(consumers.map((consumer) => `${consumer.stream}/${consumer.name}`));
  const strangers: string[] = [];
  for await (const { config } of manager.streams.list()) {
    if (config.name === replayStream) continue;
    for await (const { name, config: consumer } of manager.consumers.list(config.name)) {
      const key = `${config.name}/${name}`;
      if (consumer.durable_name && !known.has(key)) strangers.push(key);
    }
  }
  return strangers;
}

/** `lag`: two tables. */
export function printLag({ consumers, outboxes }: Lag, output: Output): void {
  const rows = consumers.map(({ name, subgraph, kind, stream, lag, letters, rebuilding, fresh }) => [
    name,
    subgraph,
    kind,
    stream,
    lag?.pending ?? '?',
    lag?.ackPending ?? '?',
    lag ? duration(lag.oldestSeconds) : '?',
    letters,
    rebuilding ? `rebuilding: ${rebuilding}` : fresh ? 'follows' : 'does not follow',
  ]);
  const titles = ['consumer', 'subgraph', 'kind', 'stream', 'pending', 'unacked', 'oldest', 'dead', 'state'];
  for (const line of table(titles, rows, output.width)) output.line(line);
  output.line();
  const backlog = outboxes.map(({ subgraph, events, oldestSeconds }) => [subgraph, events, duration(oldestSeconds)]);
  for (const line of table(['outbox', 'backlog', 'oldest'], backlog, output.width)) output.line(line);
}
