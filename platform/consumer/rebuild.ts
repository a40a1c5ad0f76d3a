import type { JetStreamManager } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { newId } from '../ids.ts';
import type { NatsLink } from '../nats/connectNats.ts';
import { ensureStream, isNotFound, replayStream } from '../nats/streams.ts';
import type { EventContract } from '../outbox/event.ts';
import { replaySubject, republishAnswer, republishRequest, republishSubject } from '../outbox/republish.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';
import { type StateConsumer, sourceOf } from './defineConsumer.ts';
import { type Handling, reasonOf } from './handleMessage.ts';
import { claim, clearConsumer, finish, note } from './rebuildStore.ts';
import { rest } from './rest.ts';
import { runConsumer } from './runConsumer.ts';
import { fencedForAllMs } from './watchRequests.ts';

const pauseMs = 500;
const requestTimeoutMs = 20_000;

/** What a rebuild needs. */
export type Rebuilding<Tx extends SqlTransaction, Deps> = {
  handling: Handling<Tx, Deps>;
  // biome-ignore lint/suspicious/noExplicitAny: a consumer of any events
  consumer: StateConsumer<any, any>;
  nats: NatsLink;
  signal: AbortSignal;
};

type Page = Exclude<z.output<typeof republishAnswer>, { error: string }>;

/** The replay stream has lost what was republished: the attempt begins anew. */
class ReplayLost extends Error {}

/**
 * Builds a projection anew, as its row in `backbone.rebuild` asks for: waits until every process has seen the fence, clears
 * projection and inbox, asks the publisher page by page to republish, handles what arrives on the replay subject beside the
 * normal one (rows are kept by version, so that they may overlap), and takes the fence away once all is handled.
 *
 * One worker drives; another begins anew when the driver has given no sign of life for some seconds. Resolves when it is
 * done, or when somebody else drives.
 */
export async function rebuild<Tx extends SqlTransaction, Deps>(rebuilding: Rebuilding<Tx, Deps>): Promise<void> {
  const { handling, consumer, signal } = rebuilding;
  const { pool, log } = handling;
  const attempt = { consumer: consumer.name, id: newId() };
  if (!(await claim(pool, attempt))) return;
  const stopped = new AbortController();
  const alive = AbortSignal.any([signal, stopped.signal]);
  const beat = async () => {
    while (!alive.aborted) {
      await rest(1_000, alive);
      // Postgres away: the next beat may come through. Not ours any more: somebody has begun anew.
      if (!alive.aborted && !(await note(pool, attempt, {}).catch(() => true))) stopped.abort();
    }
  };
  const beating = beat();
  log.warn({ consumer: consumer.name }, 'Rebuilding the projection');
  try {
    await note(pool, attempt, { phase: 'fencing' });
    await rest(fencedForAllMs, alive);
    const events = await attemptRebuild(rebuilding, attempt, alive);
    if (!alive.aborted && (await finish(pool, attempt))) {
      log.warn({ consumer: consumer.name, events }, 'The projection is rebuilt');
      return;
    }
    await note(pool, attempt, { waitsFor: 'a worker', release: true });
  } catch (error) {
    log.warn({ err: error, consumer: consumer.name }, 'The rebuild begins anew');
    await note(pool, attempt, { waitsFor: reasonOf(error), release: true }).catch(() => false);
  } finally {
    stopped.abort();
    await beating;
  }
}

async function attemptRebuild<Tx extends SqlTransaction, Deps>(
  rebuilding: Rebuilding<Tx, Deps>,
  attempt: { consumer: string; id: string },
  alive: AbortSignal,
): Promise<number> {
  const { handling, consumer, nats } = rebuilding;
  const { pool, log } = handling;
  const manager = await emptyReplay(nats, consumer.name, log, alive);
  if (!manager) return 0;
  const { created } = await manager.streams.info(replayStream);
  await clearConsumer(pool, attempt, consumer.projection.table);
  const subject = `${replaySubject(consumer.name)}.>`;
  const source = { stream: replayStream, subjects: [subject], cover: subject };
  const replay = runConsumer({ handling, nats, source, onOutcome: () => {} });
  let [events, sequence] = [0, 0];
  try {
    for (let after: string | null = null, done = false; !done && !alive.aborted; ) {
      const page: Page | null = await askForPage(rebuilding, after, alive).catch(async (error: Error) => {
        await note(pool, attempt, { waitsFor: `${sourceOf(consumer).stream} to republish: ${error.message}` });
        await rest(pauseMs, alive);
        return null;
      });
      if (!page) continue;
      ({ last: after, done } = page);
      events += page.events;
      sequence = Math.max(sequence, page.sequence);
      await note(pool, attempt, { phase: 'replaying', events });
    }
    await note(pool, attempt, { phase: 'catching up', events });
    while (!alive.aborted && !(await caughtUp(manager, consumer.name, { created, sequence }))) {
      await rest(pauseMs / 2, alive);
    }
  } finally {
    await replay.stop();
  }
  if (!alive.aborted) await emptyReplay(nats, consumer.name, log, alive);
  return events;
}

/** Takes away what an earlier attempt has left: the durable consumer of the replay subject, and the events there. */
async function emptyReplay(nats: NatsLink, consumer: string, log: Logger, alive: AbortSignal) {
  await nats.whenConnected(alive);
  const manager = nats.manager();
  if (!manager || alive.aborted) return null;
  await ensureStream(manager, replayStream, log);
  await manager.consumers.delete(replayStream, consumer).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await manager.streams.purge(replayStream, { filter: `${replaySubject(consumer)}.>` });
  return manager;
}

async function askForPage<Tx extends SqlTransaction, Deps>(
  { consumer, nats }: Rebuilding<Tx, Deps>,
  after: string | null,
  alive: AbortSignal,
): Promise<Page> {
  const { stream, aggregate } = sourceOf(consumer);
  const types = (consumer.events as EventContract[]).map((event) => event.type);
  const request: z.input<typeof republishRequest> = { consumer: consumer.name, aggregate, types, after };
  const connection = nats.connection();
  if (!connection || !nats.connected()) throw new Error('NATS is away');
  const text = JSON.stringify(republishRequest.parse(request));
  const asked = connection.request(republishSubject(stream), text, { timeout: requestTimeoutMs });
  asked.catch(() => {});
  const answer = await Promise.race([asked, aborted(alive)]);
  const page = republishAnswer.parse(answer.json());
  if ('error' in page) throw new Error(page.error);
  return page;
}

/** True when everything on the replay subject is handled. Throws when the stream has lost some of it. */
async function caughtUp(
  manager: JetStreamManager,
  consumer: string,
  published: { created: string; sequence: number },
): Promise<boolean> {
  const { created, state } = await manager.streams.info(replayStream);
  if (created !== published.created || state.last_seq < published.sequence) {
    throw new ReplayLost('the replay stream has lost events');
  }
  const info = await manager.consumers.info(replayStream, consumer);
  return info.num_pending === 0 && info.num_ack_pending === 0;
}

/** Rejects when the signal aborts: what is waited for may take longer than a stop may. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new Error('stopping'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
