import { DeliverPolicy, jetstream, jetstreamManager, ReplayPolicy } from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import { waitFor } from '#platform/testing/waitFor.ts';

/** A message as it lies in a stream, read without the platform. */
export type StreamMessage = {
  sequence: number;
  /** `Nats-Msg-Id`: the event's id. */
  id: string;
  subject: string;
  /** `subject` and `aggregateversion` of the envelope; null for what is none. */
  aggregateId: string | null;
  version: number | null;
};

/** Waits until our own connection is back after NATS was away: a request that is lost with it would only time out. */
export async function reconnected(nats: NatsConnection): Promise<void> {
  await waitFor(() => nats.rtt().then(() => true), { timeoutMs: 30_000 });
}

/** Everything that a stream holds, in its order; nothing when there is no such stream. */
export async function readStream(nats: NatsConnection, stream: string, from = 1): Promise<StreamMessage[]> {
  const manager = await jetstreamManager(nats, { checkAPI: false });
  const info = await manager.streams.info(stream).catch(() => null);
  const last = info?.state.last_seq ?? 0;
  if (!info || info.state.messages === 0 || last < from) return [];
  const consumer = await jetstream(nats).consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(from, info.state.first_seq),
    replay_policy: ReplayPolicy.Instant,
  });
  const messages: StreamMessage[] = [];
  const pulled = await consumer.consume({ max_messages: 1_000 });
  for await (const message of pulled) {
    const envelope = asEnvelope(message.string());
    messages.push({
      sequence: message.seq,
      id: message.headers?.get('Nats-Msg-Id') ?? '',
      subject: message.subject,
      aggregateId: envelope?.subject ?? null,
      version: envelope?.aggregateversion ?? null,
    });
    if (message.seq >= last) break;
  }
  await pulled.close();
  return messages;
}

function asEnvelope(text: string): { subject: string; aggregateversion: number } | null {
  try {
    const value = JSON.parse(text);
    return value?.specversion ? value : null;
  } catch {
    return null;
  }
}

/** How often a later message of an aggregate has a lower version than one before it. */
export function inversions(messages: readonly StreamMessage[]): number {
  const highest = new Map<string, number>();
  let count = 0;
  for (const { aggregateId, version } of messages) {
    if (aggregateId === null || version === null) continue;
    const before = highest.get(aggregateId) ?? 0;
    if (version < before) count++;
    highest.set(aggregateId, Math.max(before, version));
  }
  return count;
}

/** How many are there more than once, counted by the surplus. */
export const surplus = (ids: readonly string[]): number => ids.length - new Set(ids).size;

/**
 * Sets a stream's duplicate window and waits until every message that is in it has left that window: until a marker which
 * was published after them is accepted a second time.
 */
export async function outliveDuplicates(nats: NatsConnection, stream: string, windowMs: number): Promise<void> {
  const manager = await jetstreamManager(nats, { checkAPI: false });
  const client = jetstream(nats);
  const subject = `${stream}.marker`;
  await manager.streams.update(stream, { duplicate_window: nanos(windowMs) });
  const msgID = `marker-${Date.now()}-${Math.random()}`;
  await client.publish(subject, '', { msgID });
  while ((await client.publish(subject, '', { msgID })).duplicate) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
