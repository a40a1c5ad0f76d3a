import type { JetStreamManager, MsgRequest } from '@nats-io/jetstream';

/** How far a durable consumer is behind its stream. */
export type ConsumerLag = {
  stream: string;
  consumer: string;
  /** Not delivered yet. */
  pending: number;
  /** Delivered, and not acknowledged yet. */
  ackPending: number;
  /** Of these, delivered more than once. */
  redelivered: number;
  /** How long ago the oldest of all of them was published, in seconds; 0 when there is none. */
  oldestSeconds: number;
};

/** Asks the server how far a consumer is behind: one request, or two when it is. Throws when there is no such consumer. */
export async function readConsumerLag(
  manager: JetStreamManager,
  stream: string,
  consumer: string,
  now = Date.now(),
): Promise<ConsumerLag> {
  const info = await manager.consumers.info(stream, consumer);
  const behind = info.num_pending + info.num_ack_pending > 0;
  const { filter_subject: one, filter_subjects: several } = info.config;
  const subjects = several?.length ? several : [one ?? '>'];
  const oldest = behind ? await oldestTime(manager, stream, info.ack_floor.stream_seq + 1, subjects) : null;
  return {
    stream,
    consumer,
    pending: info.num_pending,
    ackPending: info.num_ack_pending,
    redelivered: info.num_redelivered,
    oldestSeconds: oldest === null ? 0 : Math.max(0, (now - oldest) / 1000),
  };
}

async function oldestTime(manager: JetStreamManager, stream: string, seq: number, subjects: readonly string[]) {
  const times = await Promise.all(
    subjects.map(async (next_by_subj) => {
      // The server takes both together; the client's types know that of direct requests only.
      const request = { seq, next_by_subj } as MsgRequest;
      const message = await manager.streams.getMessage(stream, request);
      return message?.time.getTime() ?? null;
    }),
  );
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
