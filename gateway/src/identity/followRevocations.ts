import { type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { z } from 'zod';
import { rest } from '#platform/consumer/rest.ts';
import type { NatsLink } from '#platform/nats/connectNats.ts';
import type { Scope } from '#platform/service/scope.ts';

/** What of a CloudEvent counts here: the session is its subject. Its data are nobody's business at the gateway. */
const envelope = z.object({ subject: z.string().min(1), time: z.iso.datetime() });

const RETRY_MS = 1_000;

/**
 * Follows the events of ended sessions with an ordered consumer that starts one token lifetime back: those before it were of
 * tokens that have expired since. Begins anew, at that point, after each reconnect and whenever it breaks off.
 */
export function followRevocations(options: {
  nats: NatsLink;
  /** The subject of the events: `users.session.*.revoked`. */
  subject: string;
  lifetimeMs: number;
  onRevoked: (sessionId: string, at: number) => void;
  log: Logger;
  scope: Scope;
}): void {
  const { nats, subject, lifetimeMs, onRevoked, log, scope } = options;
  const stopping = new AbortController();
  let messages: ConsumerMessages | undefined;
  let stream: string | undefined;

  async function follow(): Promise<void> {
    const [client, manager] = [nats.jetstream(), nats.manager()];
    if (!client || !manager) return;
    stream ??= await manager.streams.find(subject);
    const consumer = await client.consumers.get(stream, {
      filter_subjects: subject,
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: new Date(Date.now() - lifetimeMs).toISOString(),
    });
    messages = await consumer.consume({ abort_on_missing_resource: true });
    if (stopping.signal.aborted) return void (await messages.close());
    for await (const message of messages) {
      try {
        const { subject: sessionId, time } = envelope.parse(message.json());
        onRevoked(sessionId, Date.parse(time));
      } catch (error) {
        log.error({ err: error, sequence: message.seq }, 'An event of an ended session cannot be read');
      }
    }
  }

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await nats.whenConnected(stopping.signal);
      if (stopping.signal.aborted) return;
      await follow().catch((error: unknown) =>
        log.debug({ err: error, subject }, 'Ended sessions cannot be followed; trying again'),
      );
      messages = undefined;
      await rest(RETRY_MS, stopping.signal);
    }
  })();
  // The stream may be another one after a reconnect: the iteration ends, and the loop begins anew.
  const stopListening = nats.onConnect(() => void messages?.close());
  scope.defer('revocations in the stream', async () => {
    stopping.abort();
    stopListening();
    await messages?.close();
    await loop;
  });
}
