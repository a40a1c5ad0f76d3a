import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long after its event a message can still be in a stream, in milliseconds. The inbox is kept longer than this. */
export const streamMaxAgeMs = 7 * day;

/**
 * The stream of one publisher. Limits retention, not a work queue: every consumer reads all of it at its own pace.
 * The duplicate window lets a message that is published again (a lost ack, the sweeper) be rejected by its id.
 * Only settings that nats-server 2.9 knows.
 */
function streamConfig(publisher: string): Pick<StreamConfig, 'name'> & Partial<StreamConfig> {
  return {
    name: publisher,
    subjects: [`${publisher}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(streamMaxAgeMs),
    duplicate_window: nanos(10 * minute),
  };
}

/**
 * Creates a publisher's stream or brings it up to its declaration; never deletes one. Publisher and consumers both call
 * this, so that they can start in any order.
 */
export async function ensureStream(manager: JetStreamManager, publisher: string): Promise<void> {
  const config = streamConfig(publisher);
  try {
    const { config: current } = await manager.streams.info(publisher);
    if (differs(config, current)) await manager.streams.update(publisher, config);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await ignoreExisting(() => manager.streams.add(config));
  }
}

/** What a durable consumer of the backbone is declared by. */
export type DurableConsumer = { stream: string; name: string; filterSubject: string; ackWaitMs: number };

/**
 * Creates a durable consumer or brings it up to its declaration. One that is ahead of its stream is made anew, and the
 * caller is told: what it has handled, the inbox drops.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  durable: DurableConsumer,
): Promise<'made' | 'kept' | 'remade'> {
  const config: Partial<ConsumerConfig> = {
    durable_name: durable.name,
    filter_subject: durable.filterSubject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(durable.ackWaitMs),
    max_ack_pending: 1000,
    max_deliver: -1,
  };
  try {
    const [{ config: current, delivered }, { state }] = await Promise.all([
      manager.consumers.info(durable.stream, durable.name),
      manager.streams.info(durable.stream),
    ]);
    if (delivered.stream_seq > state.last_seq) {
      // The stream was rolled back behind it: it would stay silent until the stream has caught up.
      await manager.consumers.delete(durable.stream, durable.name);
      await ignoreExisting(() => manager.consumers.add(durable.stream, config));
      return 'remade';
    }
    const { deliver_policy: _fixed, ...changeable } = config;
    if (differs(changeable, current)) await manager.consumers.update(durable.stream, durable.name, changeable);
    return 'kept';
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await ignoreExisting(() => manager.consumers.add(durable.stream, config));
    return 'made';
  }
}

function differs(wanted: object, current: object): boolean {
  return Object.entries(wanted).some(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify((current as Record<string, unknown>)[key]),
  );
}

function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.apiError().code === 404;
}

/** Two processes may create the same thing at once. 10058: stream name in use; 10148, 10013: consumer exists. */
async function ignoreExisting(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    const code = error instanceof JetStreamApiError ? error.apiError().err_code : 0;
    if (![10058, 10148, 10013].includes(code)) throw error;
  }
}
