import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { NatsLink } from '../nats/connectNats.ts';
import { isNotFound } from '../nats/streams.ts';
import { inTransaction } from '../outbox/inTransaction.ts';
import { readRestoredMark } from '../outbox/restoredMark.ts';
import { type Consumer, sourceOf } from './defineConsumer.ts';

/** The publisher was restored and has not made its stream anew yet: what lies there may never have happened. */
export class NotRenewed extends Error {
  override readonly name = 'NotRenewed';
}

/**
 * After a restore, of this database or of the publisher's, the durable consumer is ahead of what was restored. It is removed
 * once, so that it is made anew at the beginning of the stream; what the inbox has is dropped. Several workers may do it one
 * after the other, which costs only repetitions. Throws {@link NotRenewed} while the publisher has not made its stream anew,
 * and when NATS is away.
 */
export async function renewConsumer(options: {
  consumer: Pick<Consumer<never, never>, 'name' | 'events'>;
  pool: Pool;
  nats: Pick<NatsLink, 'manager'>;
  log: Logger;
}): Promise<void> {
  const { consumer, pool, nats, log } = options;
  const { name } = consumer;
  const { stream } = sourceOf(consumer);
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ from: number }>(
      'select renew_from as "from" from backbone.consumer where name = $1 and renew_from is not null for update',
      [name],
    );
    if (!rows[0]) return;
    const manager = nats.manager();
    if (!manager) throw new Error('NATS is away');
    const { from } = rows[0];
    const absent = (error: unknown): number => {
      if (!isNotFound(error)) throw error;
      return 0;
    };
    if (from > 0 && (await readRestoredMark(manager, stream).catch(absent)) < from) {
      throw new NotRenewed(`${stream} was restored and has not made its stream anew: is it running?`);
    }
    await manager.consumers.delete(stream, name).catch(absent);
    await client.query('update backbone.consumer set renew_from = null where name = $1', [name]);
    log.warn({ consumer: name }, 'A database was restored: the consumer begins anew');
  });
}
