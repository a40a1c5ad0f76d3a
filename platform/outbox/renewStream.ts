import type { JetStreamManager } from '@nats-io/jetstream';
import type { ClientBase } from 'pg';
import type { Logger } from 'pino';
import { ensureStream, isNotFound, streamMaxAgeMs } from '../nats/streams.ts';
import { markRestored } from './restoredMark.ts';

/**
 * After this database was restored, the stream has events that never happened. It is made anew, and what the restored
 * history has published within the stream's age is put back into the outbox, under the same ids: whoever has handled an
 * event drops it. A new stream, not a purged one: that would go on rejecting these ids for its duplicate window.
 *
 * The stream carries a mark of the restore, which consumers that must not read the old one wait for.
 *
 * Runs under the lock of the rewind. A kill before the commit repeats it. Resolves with the number of events that were put
 * back; null when there was nothing to do.
 */
export async function renewStream(options: {
  client: ClientBase;
  manager: JetStreamManager;
  stream: string;
  log: Logger;
}): Promise<number | null> {
  const { client, manager, stream, log } = options;
  const { rows } = await client.query<{ version: number; pending: boolean }>(
    `select max(version) as version, bool_or(stream_renewed_at is null) as pending from backbone.restore having count(*) > 0`,
  );
  const [restored] = rows;
  if (!restored) return null;
  if (!restored.pending) {
    // Somebody may have emptied the server since.
    await markRestored(manager, stream, restored.version);
    return null;
  }
  await manager.streams.delete(stream).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await ensureStream(manager, stream, log);
  await markRestored(manager, stream, restored.version);
  await client.query(
    'update backbone.restore set stream_renewed_at = clock_timestamp() where stream_renewed_at is null',
  );
  const returned = await client.query(
    `with gone as (delete from backbone.published returning event_id, at)
     insert into backbone.outbox (event_id, created_at)
     select event_id, min(at) from gone where at > now() - make_interval(secs => $1::float8 / 1000) group by event_id
     on conflict do nothing`,
    [streamMaxAgeMs],
  );
  log.warn({ stream, events: returned.rowCount }, 'The database was restored: its stream is made anew');
  return returned.rowCount ?? 0;
}
